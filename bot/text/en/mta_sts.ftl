MTA_STS_ABSENT = { $domain } does not use MTA-STS
    .detail = MTA-STS lets a domain insist upon encryption when it receives mail. It is optional: without it, mail arrives all the same, and most of it encrypted.

MTA_STS_UNKNOWN = Could not tell whether { $domain } uses MTA-STS
    .detail = The DNS question was not answered: { $reason }. Senders who meet the same go by a policy that they know from before, or else deliver as usual.
    .fix = Help desk: run the check again in a few minutes. If it stays so, the DNS admin checks the name servers.

MTA_STS_MISPLACED = The MTA-STS record of { $domain } stands in the wrong place
    .detail = { $record } was found at { $found_at }. Senders look only at `_mta-sts.{ $domain }`, so for them there is no MTA-STS.
    .fix = DNS admin: move the record to `_mta-sts.{ $domain }`. In a form that adds the domain by itself, enter only `_mta-sts` as the name.
    .paste = _mta-sts.{ $domain }. IN TXT "{ $record }"

MTA_STS_NOT_RECOGNISED = The record at `_mta-sts.{ $domain }` is not recognised as MTA-STS
    .detail = A record must begin with exactly `v=STSv1;`, and this one is { $record }. Senders pass over it and do without MTA-STS.
    .fix = DNS admin: correct the record so that it begins with `v=STSv1;` and goes on with an `id`. Choose a new `id` with every change, such as the date.
    .paste = _mta-sts.{ $domain }. IN TXT "v=STSv1; id={ $new_id }"

MTA_STS_MULTIPLE_RECORDS = There are several MTA-STS records at `_mta-sts.{ $domain }`
    .detail = They are { $records }. Only one is allowed; with several, senders ignore them all.
    .fix = DNS admin: leave the newest, and delete the others.

MTA_STS_ALIAS_DANGLING = `_mta-sts.{ $domain }` points to a name that does not exist
    .detail = It is an alias (CNAME) for { $canonical }, where nothing is. Often a service that kept the record has been given up.
    .fix = DNS admin: set up the record at the service that keeps { $canonical }, or delete the alias.

MTA_STS_MISSING_ID = The MTA-STS record of { $domain } has no `id`
    .detail = The record is { $record }. Without an `id`, senders ignore it.
    .fix = DNS admin: add an `id` of letters and digits, and choose a new one whenever the policy changes, such as the date.
    .paste = _mta-sts.{ $domain }. IN TXT "v=STSv1; id={ $new_id }"

MTA_STS_BAD_ID = The `id` in the MTA-STS record of { $domain } is not valid
    .detail = { $part } is not 1 to 32 letters and digits, so senders ignore the record. The record is { $record }.
    .fix = DNS admin: use letters and digits only, without dots, hyphens or quotes, such as the date.
    .paste = _mta-sts.{ $domain }. IN TXT "v=STSv1; id={ $new_id }"

MTA_STS_BAD_TAG = The MTA-STS record of { $domain } holds something that does not belong there
    .detail = { $part } is not of the form `name=value`, so senders ignore the record. The record is { $record }.
    .fix = DNS admin: remove it.

MTA_STS_DUPLICATE_TAG = The MTA-STS record of { $domain } has the field { $part } twice
    .detail = The first one counts. The record is { $record }.
    .fix = DNS admin: remove the one that is not meant.

MTA_STS_POLICY_NO_ADDRESS = The MTA-STS policy cannot be fetched: { $host } has no address
    .detail = The record announces a policy, and the policy must be on the web server { $host }, which is not in DNS. Senders who do not know the policy from before do without MTA-STS.
    .fix = DNS admin: give { $host } an A, AAAA or CNAME record for the web server that holds the policy. If MTA-STS is not meant to be used, delete the `_mta-sts` record instead.

MTA_STS_POLICY_CONNECTION_REFUSED = The MTA-STS policy cannot be fetched: { $host } refuses connections
    .detail = Nothing listens for HTTPS on { $host }, seen from where Mailcheck runs. Senders who do not know the policy from before do without MTA-STS.
    .fix = Web admin: start the web server on port 443 and let it in through the firewall.

MTA_STS_POLICY_TLS_FAILED = The MTA-STS policy cannot be fetched: no encrypted connection with { $host }
    .detail = The web server accepts the connection, and then the TLS handshake fails. Senders who do not know the policy from before do without MTA-STS.
    .fix = Web admin: check that the web server speaks TLS on port 443, and that it has a certificate for { $host }.

MTA_STS_POLICY_CERTIFICATE_INVALID = The MTA-STS policy cannot be fetched: the certificate of { $host } is not valid
    .detail = { $flaw ->
        [expired] It has expired.
        [not_yet_valid] It is not valid yet.
        [wrong_name] It is made for another name.
       *[untrusted] It is not from a known authority, or is sent without its intermediate certificate.
    } Senders then do not take the policy; those who do not know it from before do without MTA-STS.
    .fix = Web admin: install a valid certificate of a public authority for { $host }, with its whole chain, and see that it is renewed by itself.

MTA_STS_POLICY_REDIRECTED = The MTA-STS policy cannot be fetched: { $host } redirects
    .detail = The web server points to { $location }. Senders must not follow, so for them there is no policy.
    .fix = Web admin: have { $host } hand out `/.well-known/mta-sts.txt` itself, without a redirect.

MTA_STS_POLICY_NOT_FOUND = The MTA-STS policy cannot be fetched: { $host } does not have it
    .detail = The web server answers with status { $status }, so for senders there is no policy.
    .fix = Web admin: put the policy at the path `/.well-known/mta-sts.txt` of { $host }.

MTA_STS_POLICY_WITHHELD = Could not tell what the MTA-STS policy says: { $host } did not hand it out
    .detail = The web server answers with status { $status }. It may refuse only Mailcheck, or be in trouble for a moment.
    .fix = Web admin: open the policy in a browser. If it is not there either, mend the web server; a filter for robots must let everybody read this file.

MTA_STS_POLICY_CONTENT_TYPE = The MTA-STS policy on { $host } is not handed out as plain text
    .detail = The web server states the type { $content_type }. Some senders take only `text/plain`, and do without MTA-STS otherwise.
    .fix = Web admin: set the content type of the file to `text/plain`.

MTA_STS_POLICY_TOO_BIG = The MTA-STS policy on { $host } is too big
    .detail = It is larger than { $limit }, the size up to which senders are advised to read one. They may do without MTA-STS.
    .fix = Web admin: look whether the file is the policy at all; one has a few lines.

MTA_STS_POLICY_UNKNOWN = Could not tell what the MTA-STS policy says
    .detail = Fetching it from { $host } came to nothing: { $reason }.
    .fix = Help desk: run the check again in a few minutes. If it stays so, the web admin checks whether the file can be reached from outside.

MTA_STS_POLICY_INVALID = The MTA-STS policy of { $domain } is not valid
    .detail = { $flaw ->
        [missing_version] The line `version: STSv1` is missing.
        [wrong_version] The version is { $part } and must be `STSv1`.
        [missing_mode] The line with `mode` is missing.
        [unknown_mode] The mode { $part } does not exist; there are `enforce`, `testing` and `none`.
        [missing_max_age] The line with `max_age` is missing.
        [bad_max_age] `max_age` is { $part } and must be a number of seconds.
        [max_age_too_large] `max_age` is { $part }, more than the 31557600 seconds allowed.
        [no_mx] It names no mail host (`mx`).
        [bad_mx] { $part } in line { $line } is neither the name of a host nor `*.` and a domain.
        [bad_line] { $part } in line { $line } is not of the form `key: value`.
       *[too_long] It is too long.
    } Senders ignore such a policy.
    .fix = Web admin: correct the file. Or begin anew with the policy below, which only tests, and raise it to `enforce` when the reports are good. Then the DNS admin changes the `id` in the `_mta-sts` record.
    .paste = { $policy ->
        [none]
            version: STSv1
            mode: testing
            mx: mx.{ $domain }
            max_age: 604800
       *[other] { $policy }
    }

MTA_STS_POLICY_UNTIDY = The MTA-STS policy of { $domain } has a line that is ignored
    .detail = { $flaw ->
        [duplicate_field] In line { $line }, the field { $part } comes a second time; the first counts.
       *[unknown_field] In line { $line }, the field { $part } does not exist. Often it is a typo in the name of another.
    }
    .fix = Web admin: correct or remove the line. Then the DNS admin changes the `id` in the `_mta-sts` record.

MTA_STS_ENFORCED = { $domain } insists upon verified encryption (MTA-STS)
    .detail = The policy is in force for { $patterns }. Senders who support MTA-STS deliver only to these hosts, and only with a valid certificate.

MTA_STS_TESTING = The MTA-STS policy of { $domain } is only being tested
    .detail = Senders report what would fail at { $patterns }, and deliver all the same. That is the right setting to begin with, and it protects nothing.
    .fix = Mail admin: when the reports (TLS-RPT) have been good for some weeks, change `mode` to `enforce` and the `id` in the `_mta-sts` record.

MTA_STS_NONE = The MTA-STS policy of { $domain } is switched off
    .detail = Its mode is `none`, so senders deliver as usual. That is the right way to give MTA-STS up: it makes senders forget the old policy.
    .fix = DNS admin: if MTA-STS is given up, delete the record and the policy once the old `max_age` is over. If not, change `mode` to `testing` and the `id` in the record.

MTA_STS_MAX_AGE_SHORT = Senders forget the MTA-STS policy of { $domain } within { $max_age }
    .detail = Somebody who keeps senders from fetching it for that time can switch the protection off. Weeks are usual.
    .fix = Web admin: raise `max_age`, for example to 604800 (a week), and the DNS admin changes the `id` in the `_mta-sts` record.

MTA_STS_MX_NOT_COVERED = The MTA-STS policy of { $domain } does not name { $hosts ->
        [one] the mail host { $hosts }
       *[other] some mail hosts
    }
    .detail = Mail goes to { $hosts }, while the policy in force allows only { $patterns }. A `*` stands for one part of a name. Senders who support MTA-STS, the largest among them, deliver nothing there.
    .fix = Web admin: add the mail hosts to the policy, as below, unless their MX records are wrong. Then the DNS admin changes the `id` in the `_mta-sts` record.
    .paste = { $policy }

MTA_STS_MX_NO_TLS = { $hosts ->
        [one] The mail host { $hosts } does not encrypt
       *[other] Some mail hosts do not encrypt
    }, and MTA-STS insists upon it
    .detail = At { $hosts }, STARTTLS is not offered, is refused, or fails, while the policy of { $domain } is in force. Senders who support MTA-STS, the largest among them, deliver nothing there.
    .fix = Mail admin: switch STARTTLS on. Until then, the web admin sets `mode` to `testing` and the DNS admin changes the `id` in the `_mta-sts` record.

MTA_STS_MX_CERTIFICATE_INVALID = { $hosts ->
        [one] The certificate of the mail host { $hosts } is not valid
       *[other] The certificates of some mail hosts are not valid
    }, and MTA-STS insists upon it
    .detail = At { $hosts }, the certificate { $flaw ->
        [expired] has expired
        [not_yet_valid] is not valid yet
        [wrong_name] is made for other names
       *[untrusted] is not from a known authority, or is sent without its intermediate certificate
    }, while the policy of { $domain } is in force. Senders who support MTA-STS, the largest among them, deliver nothing there.
    .fix = Mail admin: install a valid certificate of a public authority that contains the name of the mail host, with its whole chain. Until then, the web admin sets `mode` to `testing` and the DNS admin changes the `id` in the `_mta-sts` record.

MTA_STS_BLOCKS_DELIVERY = MTA-STS keeps mail away from { $domain }
    .detail = Not one mail host passes the policy in force: { $hosts }. Senders who support MTA-STS, the largest among them, delay mail and return it after some days.
    .fix = Web admin: replace the policy with the one below now, which is in mode `testing`. Then the DNS admin changes the `id` in the `_mta-sts` record to `{ $new_id }`; senders deliver again as soon as they see it. Mail admin: mend what the other findings of this step name, and only then go back to `enforce`.
    .paste = { $policy }

MTA_STS_TESTING_MX_NOT_COVERED = The MTA-STS policy being tested does not name { $hosts ->
        [one] the mail host { $hosts }
       *[other] some mail hosts
    }
    .detail = Mail for { $domain } goes to { $hosts }, while the policy allows only { $patterns }. A `*` stands for one part of a name. Nothing is lost while the policy is tested; in mode `enforce`, senders would not deliver there.
    .fix = Web admin: add the mail hosts to the policy, as below, unless their MX records are wrong. Then the DNS admin changes the `id` in the `_mta-sts` record.
    .paste = { $policy }

MTA_STS_TESTING_MX_NO_TLS = { $hosts ->
        [one] The mail host { $hosts } does not encrypt
       *[other] Some mail hosts do not encrypt
    }, which the MTA-STS policy being tested asks for
    .detail = At { $hosts }, STARTTLS is not offered, is refused, or fails. Nothing is lost while the policy of { $domain } is tested; in mode `enforce`, senders would not deliver there.
    .fix = Mail admin: switch STARTTLS on before the policy is set to `enforce`.

MTA_STS_TESTING_MX_CERTIFICATE_INVALID = { $hosts ->
        [one] The certificate of the mail host { $hosts } is not valid
       *[other] The certificates of some mail hosts are not valid
    }, which the MTA-STS policy being tested asks for
    .detail = At { $hosts }, the certificate { $flaw ->
        [expired] has expired
        [not_yet_valid] is not valid yet
        [wrong_name] is made for other names
       *[untrusted] is not from a known authority, or is sent without its intermediate certificate
    }. Nothing is lost while the policy of { $domain } is tested; in mode `enforce`, senders would not deliver there.
    .fix = Mail admin: install a valid certificate that contains the name of the mail host before the policy is set to `enforce`.

MTA_STS_MX_UNKNOWN = Could not tell whether { $hosts ->
        [one] { $hosts } passes
       *[other] some mail hosts pass
    } the MTA-STS policy of { $domain }
    .detail = What senders see of the encryption at { $hosts } is not known{ $reason ->
        [none] , because the server did not let Mailcheck get that far
       *[other] : { $reason }
    }.
    .fix = Help desk: see the step on receiving servers, and run the check again later.

MTA_STS_HOSTS_UNKNOWN = Could not tell whether the MTA-STS policy of { $domain } fits its mail hosts
    .detail = The mail hosts themselves are not known; see the step on MX records.
    .fix = Help desk: run the check again in a few minutes.

DMARC_FOUND = { $domain } has a DMARC record; policy in effect: { $policy }
    .detail = { $policy ->
        [reject] Receivers are asked to refuse mail from { $domain } that passes neither SPF nor DKIM for this domain.
        [quarantine] Receivers are asked to put mail from { $domain } that passes neither SPF nor DKIM for this domain into junk.
       *[none] Receivers are asked to deliver mail from { $domain } as usual, whether it passes SPF and DKIM or not.
    }

DMARC_INHERITED = { $domain } has no DMARC record of its own; that of { $source } applies: { $policy }
    .detail = Receivers look further up when a name has no record, and find the one at `_dmarc.{ $source }`. For { $domain } the tag { $tag } of it counts.

DMARC_MISSING = { $domain } has no DMARC record
    .detail = Large mail providers ask senders of many messages for a DMARC record and refuse or junk their mail without one. And nobody tells receivers what to do with forged mail from { $domain }.
    .fix = DNS admin: publish the record below. It changes nothing for mail that is sent, and brings reports on who sends as { $publish_at }. Make sure that the mailbox exists, or put another address there. Tighten the policy to `quarantine` or `reject` only when the reports show that all your own mail passes.
    .paste = _dmarc.{ $publish_at }. IN TXT "v=DMARC1; p=none; rua=mailto:dmarc-reports@{ $publish_at }"

DMARC_MISPLACED = The DMARC record of { $domain } is in the wrong place
    .detail = { $record } was found at { $found_at }. Receivers only look at `_dmarc.{ $domain }`, so it is as if there were no record.
    .fix = DNS admin: move the record to `_dmarc.{ $domain }`. Many DNS panels add the domain by themselves: there the name to enter is `_dmarc` alone.
    .paste = _dmarc.{ $domain }. IN TXT "{ $record }"

DMARC_NOT_RECOGNISED = The record at `_dmarc.{ $source }` is not taken as DMARC
    .detail = { $flaw ->
        [leading_space] There is a space before `v=DMARC1`.
        [quoted] Quotation marks or backslashes became part of the record.
        [hidden_character] A character that cannot be seen stands in or before `v=DMARC1`.
        [wrong_case] `DMARC1` must be written in capitals.
        [wrong_version] The version is not exactly `DMARC1`.
        [missing_semicolon] There is no semicolon after `v=DMARC1`.
        [escaped_semicolon] There is a backslash before the semicolon after `v=DMARC1`.
        [not_first] `v=DMARC1` is not the first thing in the record.
       *[no_version] `v=DMARC1` is missing at the beginning.
    } Receivers pass over it. The record is { $record }
    .fix = DNS admin: correct the record, so that it begins with exactly `v=DMARC1;` and goes on with the policy that is meant.
    .paste = { $meant ->
        [none] {""}
       *[other] _dmarc.{ $source }. IN TXT "{ $meant }"
    }

DMARC_MULTIPLE_RECORDS = There are { $records } DMARC records at `_dmarc.{ $source }`
    .detail = Only one is allowed. Receivers discard all of them, and many then act as if { $source } had no DMARC at all. { $policy ->
        [none] Nor is there a record further up that could stand in.
       *[other] Some go on to look further up, where a record with the policy { $policy } applies.
    }
    .fix = DNS admin: decide which record is right, often the one made last, and delete the others.

DMARC_ALIAS_DANGLING = `_dmarc.{ $source }` is an alias of nothing
    .detail = The name is a CNAME for { $canonical }, and there is no record. For receivers { $source } has no DMARC.
    .fix = DNS admin: set the record up at the DMARC service that { $canonical } belongs to, or replace the CNAME by a TXT record of your own. The one below only monitors.
    .paste = _dmarc.{ $source }. IN TXT "v=DMARC1; p=none; rua=mailto:dmarc-reports@{ $source }"

DMARC_AUTHOR_NXDOMAIN = The sender’s domain { $domain } does not exist
    .detail = Many receivers refuse mail from a domain that is not in DNS, since nobody could answer it.
    .fix = Sender: check the sender’s address for a typo. DNS admin: if mail is meant to come from { $domain }, publish at least MX, SPF and DKIM records for it.

DMARC_UNKNOWN = Could not tell which DMARC policy applies: no answer about { $name }
    .detail = The DNS question for { $name } was not answered: { $reason }. This does not mean that DMARC is missing. Receivers who meet the same deliver the mail or delay it, as they like.
    .fix = Help desk: run the check again in a few minutes. If it stays so, the DNS admin checks the name servers.

DMARC_ORGANIZATION_UNKNOWN = Could not tell which domains DMARC counts as one organization here
    .detail = The policy is known, but the DNS question for { $name } was not answered: { $reason }. So it is open how far up SPF and DKIM domains may lie.
    .fix = Help desk: run the check again in a few minutes.

DMARC_RESTS_ON_DKIM = Mail from { $domain } sent by { $sender_ip } passes DMARC only with a DKIM signature of the domain
    .detail = The result of SPF for this address is { $spf }, so SPF does not let the mail pass. Unless it is signed with DKIM as { $domain }, receivers apply the DMARC policy: { $policy ->
        [reject] they refuse it (`reject`).
       *[quarantine] they put it into junk (`quarantine`).
    } This assumes that the Return-Path of the mail is at { $domain }.
    .fix = Help desk: look for `DKIM-Signature:` with `d={ $domain }` in the headers of a sent message. If it is missing, the mail admin switches DKIM on for { $domain } at the service that sends, or the DNS admin adds that service to the SPF record.

DMARC_OLD_RECEIVERS_DIFFER = Receivers with older software come to another DMARC result for { $domain }
    .detail = { $policy ->
        [none] By the current standard (RFC 9989) failing mail is delivered as usual (record of { $source }).
       *[other] By the current standard (RFC 9989) the policy { $policy } applies (record of { $source }).
    } { $old_policy ->
        [none] Receivers that still go by RFC 7489 and the Public Suffix List deliver it as usual (record of { $old_source }).
       *[other] Receivers that still go by RFC 7489 and the Public Suffix List apply { $old_policy } (record of { $old_source }).
    }
    .fix = DNS admin: to get the same result everywhere, publish a record of its own at `_dmarc.{ $domain }`.

DMARC_UNRELATED_TEXT = Another text stands at `_dmarc.{ $source }`
    .detail = { $text } has nothing to do with DMARC. Receivers pass over it.
    .fix = DNS admin: delete it, if nothing else needs it.

DMARC_WILDCARD_TEXT = A wildcard record of { $source } answers for `_dmarc`
    .detail = { $text } answers for any name below { $source }. It is not a DMARC record, and receivers pass over it.
    .fix = DNS admin: limit the wildcard TXT record to the names it is meant for.

DMARC_NO_USABLE_POLICY = The DMARC record of { $source } has no effect
    .detail = { $part ->
        [none] There is no policy (`p=`) in it
       *[other] The policy { $part } in it is none of `none`, `quarantine` and `reject`
    }, and there is no valid report address (`rua=`) either. Receivers ignore such a record: the domain has no DMARC.
    .fix = DNS admin: { $meant ->
        [none] { $part ->
            [none] publish the record below, which only monitors, or put `p=quarantine` or `p=reject` into yours if that is meant. Make sure that the mailbox exists.
           *[other] decide which policy was meant and write it in place of { $part }: `none` only monitors, `quarantine` asks for junk, `reject` for refusal.
        }
       *[other] replace the record with the one below, after making sure that its policy is the one that was meant.
    }
    .paste = { $meant ->
        [none] { $part ->
            [none] _dmarc.{ $source }. IN TXT "v=DMARC1; p=none; rua=mailto:dmarc-reports@{ $source }"
           *[other] {""}
        }
       *[other] _dmarc.{ $source }. IN TXT "{ $meant }"
    }

DMARC_POLICY_MISSING = The DMARC record of { $source } states no policy
    .detail = There is no `p=` in it. Receivers of the current standard take it as `p=none`; older ones may ignore the record.
    .fix = DNS admin: add `p=none`, `p=quarantine` or `p=reject` after `v=DMARC1;`.

DMARC_POLICY_INVALID = The DMARC record of { $source } states a policy that does not exist
    .detail = { $part } is none of `none`, `quarantine` and `reject`. The whole record then counts as `p=none`: failing mail is only reported.
    .fix = DNS admin: { $meant ->
        [none] decide which policy was meant and write it in place of { $part }.
       *[other] replace the record with the one below, after making sure that its policy is the one that was meant.
    }
    .paste = { $meant ->
        [none] {""}
       *[other] _dmarc.{ $source }. IN TXT "{ $meant }"
    }

DMARC_POLICY_NONE = The DMARC policy of { $source } only monitors
    .detail = With `none`, receivers do nothing about mail that fails. That is the right setting to begin with, and it does not protect against forged senders.
    .fix = Mail admin: read the reports; when all your own mail passes, go on to `quarantine` and then `reject`.

DMARC_SUBDOMAINS_OPEN = The DMARC policy of { $source } leaves subdomains open
    .detail = The domain itself has { $policy }, but the tag { $tag } is `none`: forged mail from names below { $source } is delivered.
    .fix = DNS admin: remove the tag { $tag }, or set it to { $policy }, once the mail of all subdomains in use passes.

DMARC_SUBDOMAIN_TAGS_UNUSED = `sp` or `np` in the DMARC record of { $source } has no effect
    .detail = Receivers read these tags only in the record of the organization’s top domain, and { $source } lies below it.
    .fix = DNS admin: remove the tags here, or set them at the top domain.

DMARC_TESTING = The DMARC record of { $source } is marked as a test
    .detail = The record says { $published }, and with `t=y` receivers are asked to do one level less: { $policy }. Older receivers do not know `t` and apply { $published }.
    .fix = DNS admin: remove `t=y` when the test is over.

DMARC_PCT = The DMARC record of { $source } still says `pct={ $pct }`
    .detail = The current standard has dropped `pct`: receivers ignore it and apply { $policy } to all failing mail. Older ones apply it to about { $pct } of 100 failing messages, and one level less to the rest.
    .fix = DNS admin: remove `pct`. If { $policy } is not yet meant for all mail, use `t=y` or a lower policy instead.

DMARC_REMOVED_TAG = The DMARC record of { $source } has a tag that is no longer used
    .detail = { $part } was dropped from the standard and is ignored. It does no harm.
    .fix = DNS admin: remove it when the record is edited next.

DMARC_UNKNOWN_TAG = The DMARC record of { $source } has an unknown tag
    .detail = There is no tag { $part }; receivers ignore it. Often it is a typo in the name of another.
    .fix = DNS admin: correct or remove it.

DMARC_INVALID_VALUE = The DMARC record of { $source } has a wrong value
    .detail = { $part } is no value for the tag { $tag }. Receivers use the default { $default } instead.
    .fix = DNS admin: correct the value, or remove the tag.

DMARC_BAD_TAG = The DMARC record of { $source } holds something that does not belong there
    .detail = { $part } is not of the form `tag=value`. Receivers pass over it, or over the record.
    .fix = DNS admin: remove it.

DMARC_DUPLICATE_TAG = The DMARC record of { $source } has the tag { $part } twice
    .detail = Some receivers take the first, some the last, and some ignore the record.
    .fix = DNS admin: leave the one that is meant.

DMARC_EMPTY_TAG = The DMARC record of { $source } has two semicolons in a row
    .detail = That is against the grammar. Most receivers look past it.
    .fix = DNS admin: remove the superfluous semicolon.

DMARC_TAGS_GLUED = A semicolon is missing in the DMARC record of { $source }
    .detail = Before { $part } there is no semicolon, so it became part of the tag in front of it, and both are lost.
    .fix = DNS admin: put a semicolon before { $part }.

DMARC_SEMICOLON_IN_LIST = A report address in the DMARC record of { $source } is cut off
    .detail = Several addresses are separated by commas. Before { $part } there is a semicolon, which ends the list, so this address gets no reports.
    .fix = DNS admin: put a comma in place of the semicolon before { $part }.

DMARC_ESCAPED_SEMICOLON = The DMARC record of { $source } holds backslashes
    .detail = A backslash before a semicolon was meant for the zone file, and here it became part of the value in front of it, which then is not valid.
    .fix = DNS admin: enter the record without backslashes.

DMARC_FO_WITHOUT_RUF = The tag `fo` in the DMARC record of { $source } has no effect
    .detail = It says when to send failure reports, and without `ruf` there is nowhere to send them.
    .fix = DNS admin: remove `fo`, or add `ruf` with a mail address.

DMARC_OWN_ORGANIZATION = { $source } stands alone for DMARC
    .detail = With `psd=n` the name is an organization of its own. Mail from { $source } that passed SPF or DKIM only for { $parent } fails DMARC.
    .fix = DNS admin: remove `psd=n`, unless { $source } and { $parent } belong to different owners.

DMARC_CLAIMS_PUBLIC_SUFFIX = The DMARC record of { $source } says that it is a public suffix
    .detail = `psd=y` is for registries such as `.bank`. At { $source } it makes every subdomain an organization of its own, so mail from them fails DMARC if SPF or DKIM passed only for { $source }.
    .fix = DNS admin: remove `psd=y`.

DMARC_NO_REPORTS = Nobody gets DMARC reports on { $source }
    .detail = Without `rua`, nobody learns who sends as { $source } and whether your own mail passes.
    .fix = DNS admin: add `rua=mailto:` and a mailbox that somebody reads, or the address that a DMARC service gave you.

DMARC_REPORT_ADDRESS_INVALID = A report address in the DMARC record of { $source } is not valid
    .detail = { $part } is not a mail address with `mailto:` before it, so no reports go there.
    .fix = DNS admin: write it as `mailto:name@{ $source }`.

DMARC_REPORT_SCHEME = A report address in the DMARC record of { $source } is not a mail address
    .detail = { $part } does not begin with `mailto:`. Receivers need not support anything else.
    .fix = DNS admin: use a mail address with `mailto:` before it.

DMARC_REPORT_SIZE_LIMIT = The DMARC record of { $source } limits the size of reports
    .detail = { $part } behind a report address is obsolete. Receivers of the current standard ignore it, and some may not take the address.
    .fix = DNS admin: remove it.

DMARC_REPORT_NOT_AUTHORIZED = { $destination } has not agreed to get DMARC reports on { $source }
    .detail = By the current standard { $destination } is another organization, which must say in its own DNS that it wants the reports. It does not, so receivers send none. Mail itself is not affected.
    .fix = DNS admin of { $destination }: publish the record below. If { $destination } is a DMARC service, ask it for that. Or use a report address at { $source }.
    .paste = { $source }._report._dmarc.{ $destination }. IN TXT "v=DMARC1"

DMARC_REPORT_UNDELIVERABLE = DMARC reports on { $source } go to a domain that takes no mail
    .detail = { $destination } has neither mail hosts nor an address, or declares that it takes no mail. Reports bounce; mail itself is not affected.
    .fix = DNS admin: correct the report address, or set up mail for { $destination }.

DMARC_REPORT_UNKNOWN = Could not tell whether DMARC reports on { $source } arrive
    .detail = A DNS question about { $destinations } was not answered: { $reason }. Mail itself is not affected.
    .fix = Help desk: run the check again in a few minutes.

DMARC_REPORTS_NOT_ALL_CHECKED = Mailcheck looked at the first { $limit } domains that DMARC reports on { $source } go to
    .detail = { $left_out ->
        [one] One more was
       *[other] { $left_out } more were
    } left out. Receivers need not send to more than a few either.

DANE_ABSENT = The mail hosts of { $domain } do not use DANE
    .detail = They publish no TLSA records. DANE is optional: without it, mail arrives all the same.

DANE_FOUND = { $hosts ->
        [one] { $hosts } shows the key that its TLSA record names
       *[other] The mail hosts show the keys that their TLSA records name
    } (DANE)
    .detail = Senders who use DANE, common in some countries and among large providers, deliver to { $hosts }.

DANE_PARTIAL = { $hosts ->
        [one] The mail host { $hosts } has no TLSA record
       *[other] Some mail hosts have no TLSA records
    }, and others have
    .detail = Mail to { $hosts } is not protected by DANE, so somebody who can force mail there gets round the protection of the others.
    .fix = DNS admin: publish TLSA records for these hosts too, or ask whoever runs them to.

DANE_MAIL_DOMAIN_UNSIGNED = The mail hosts use DANE, but { $domain } is not signed with DNSSEC
    .detail = Who the mail hosts of { $domain } are is then not secured, and many senders do not use DANE for it.
    .fix = DNS admin: switch DNSSEC on for { $domain } at the DNS provider and the registrar.

DANE_HOST_UNSIGNED = TLSA records without DNSSEC are ignored
    .detail = There are TLSA records for { $hosts }, in a zone that is not signed with DNSSEC. Senders ignore them; mail is not affected.
    .fix = DNS admin of the mail host: switch DNSSEC on for its zone, or remove the TLSA records.

DANE_NOT_VALIDATED = Could not tell whether the TLSA records count
    .detail = There are TLSA records for { $hosts }. Whether they are signed cannot be seen, because the DNS resolver that Mailcheck uses is not known to validate DNSSEC.
    .fix = Whoever runs the bot: give Mailcheck a resolver that validates DNSSEC, on the same machine or network.

DANE_BOGUS = The DNSSEC signatures of TLSA records do not hold
    .detail = At { $hosts }, the signatures are wrong or have expired. Senders who use DANE do not deliver there until that is mended.
    .fix = DNS admin of the mail host: sign the zone anew, and check that the DS record at the registrar fits its key.

DANE_UNKNOWN = Could not tell whether { $hosts ->
        [one] { $hosts } uses
       *[other] some mail hosts use
    } DANE
    .detail = The question for the TLSA records of { $hosts } was not answered: { $reason }. In signed zones, senders who use DANE and meet the same delay mail.
    .fix = Help desk: run the check again in a few minutes. If it stays so, the DNS admin of the mail host checks that its name servers answer questions for TLSA records, with “no such record” at least.

DANE_USAGE_NOT_FOR_SMTP = A TLSA record is of a kind that mail does not use
    .detail = Among the records of { $hosts } is { $record }. Usages 0 and 1 are for other services, and senders of mail pass over the record.
    .fix = DNS admin of the mail host: replace it by one with usage 3 (the key of the server) or 2 (its authority).

DANE_RECORD_INVALID = A TLSA record is not valid
    .detail = Among the records of { $hosts } is { $record }. { $flaw ->
        [unknown_usage] The first number, the usage, does not exist; it is 3 or 2 for mail.
        [unknown_selector] The second number, the selector, does not exist; it is 0 or 1.
        [unknown_matching_type] The third number, the matching type, does not exist; it is 0, 1 or 2.
        [wrong_length] The hash is not as long as its matching type makes it: 64 hexadecimal digits for 1, 128 for 2.
       *[not_der] With matching type 0, the data must be a whole certificate or key, and is not.
    } Senders pass over the record.
    .fix = DNS admin of the mail host: make the record anew from the certificate of the server.

DANE_NONE_USABLE = None of the TLSA records can be used
    .detail = Senders who use DANE still insist upon encryption with { $hosts }, but they verify nothing.
    .fix = DNS admin of the mail host: publish a valid record, or remove them all.

DANE_MISMATCH = The TLSA records of { $host } do not fit its certificate
    .detail = The server at { $addresses } shows another key than { $owner } names: { $records }. Most often the certificate was renewed with a new key and the record was forgotten, or usage 2 is published and the server does not send the certificate of that authority. Senders who use DANE do not deliver to it.
    .fix = Mail admin: check that the server shows its own, right certificate. DNS admin of the mail host: if so, add the record below, which fits the key shown, and remove the old one. Before the next change, publish the record of the new key first.
    .paste = { $owner }. IN TLSA { $current }

DANE_TA_CERTIFICATE_INVALID = A TLSA record names the authority, but the certificate itself does not hold
    .detail = At { $hosts }, the certificate { $flaw ->
        [expired] has expired
        [not_yet_valid] is not valid yet
       *[wrong_name] is made for other names
    }. With usage 2, names and dates count, so senders who use DANE do not deliver there.
    .fix = Mail admin: install a valid certificate of that authority that contains the name of the mail host.

DANE_NO_TLS = { $hosts ->
        [one] The mail host { $hosts } has TLSA records and does not encrypt
       *[other] Some mail hosts have TLSA records and do not encrypt
    }
    .detail = At { $hosts }, STARTTLS is not offered, is refused, or fails. Senders who use DANE take that for an attack and do not deliver there.
    .fix = Mail admin: switch STARTTLS on. If it cannot be used, the DNS admin of the mail host removes the TLSA records.

DANE_BLOCKS_DELIVERY = DANE keeps mail away
    .detail = Not one mail host passes for senders who use DANE: { $hosts }. They delay mail and return it after some days. Other senders deliver as usual.
    .fix = DNS admin of the mail hosts: correct the TLSA records as the other findings of this step say. If that takes time, remove them; senders then deliver again once the records have left the caches.

DANE_MX_UNKNOWN = Could not tell whether { $hosts ->
        [one] { $hosts } shows the key that its TLSA record names
       *[other] some mail hosts show the keys that their TLSA records name
    }
    .detail = What senders see of the encryption at { $hosts } is not known{ $reason ->
        [none] , because the server did not let Mailcheck get that far
       *[other] : { $reason }
    }.
    .fix = Help desk: see the step on receiving servers, and run the check again later.

TLS_RPT_FOUND = Senders know where to report encryption that failed for { $domain }
    .detail = Reports (TLS-RPT) go to { $addresses }.

TLS_RPT_ABSENT = { $domain } does not ask for reports on encryption (TLS-RPT)
    .detail = That is optional. Such reports tell whether senders can encrypt the mail for { $domain }; mail itself is not affected.

TLS_RPT_BLIND = Nobody learns when MTA-STS fails for { $domain }
    .detail = The MTA-STS policy is in mode { $mode }, and there is no usable record that asks for reports (TLS-RPT). If senders fail at the policy, nobody on this side notices.
    .fix = DNS admin: publish the record below. Set up the mailbox that it names, or use another.
    .paste = _smtp._tls.{ $domain }. IN TXT "v=TLSRPTv1; rua=mailto:tls-reports@{ $domain }"

TLS_RPT_WITHOUT_MTA_STS = { $domain } asks for reports on encryption and has no MTA-STS policy
    .detail = That does no harm. The reports then cover DANE, if it is used, and ordinary encryption.

TLS_RPT_UNKNOWN = Could not tell whether { $domain } asks for reports on encryption (TLS-RPT)
    .detail = The DNS question was not answered: { $reason }. Mail itself is not affected.
    .fix = Help desk: run the check again in a few minutes.

TLS_RPT_MISPLACED = The TLS-RPT record of { $domain } stands in the wrong place
    .detail = { $record } was found at the domain itself. Senders look only at `_smtp._tls.{ $domain }`, so they send no reports.
    .fix = DNS admin: move the record to `_smtp._tls.{ $domain }`. In a form that adds the domain by itself, enter only `_smtp._tls` as the name.
    .paste = _smtp._tls.{ $domain }. IN TXT "{ $record }"

TLS_RPT_NOT_RECOGNISED = The record at `_smtp._tls.{ $domain }` is not recognised as TLS-RPT
    .detail = A record must begin with exactly `v=TLSRPTv1;`, and this one is { $record }. Senders pass over it and send no reports.
    .fix = DNS admin: correct the record.
    .paste = _smtp._tls.{ $domain }. IN TXT "v=TLSRPTv1; rua=mailto:tls-reports@{ $domain }"

TLS_RPT_MULTIPLE_RECORDS = There are several TLS-RPT records at `_smtp._tls.{ $domain }`
    .detail = They are { $records }. Only one is allowed; with several, senders send no reports.
    .fix = DNS admin: put all addresses into one record, with commas between them, and delete the others.

TLS_RPT_ALIAS_DANGLING = `_smtp._tls.{ $domain }` points to a name that does not exist
    .detail = It is an alias (CNAME) for { $canonical }, where nothing is. Often a service that kept the record has been given up.
    .fix = DNS admin: set up the record at the service that keeps { $canonical }, or delete the alias.

TLS_RPT_MISSING_RUA = The TLS-RPT record of { $domain } names no report address
    .detail = There is no `rua=` in it, so senders have nowhere to report to.
    .fix = DNS admin: add `rua=` with an address.
    .paste = _smtp._tls.{ $domain }. IN TXT "v=TLSRPTv1; rua=mailto:tls-reports@{ $domain }"

TLS_RPT_NO_VALID_RUA = The TLS-RPT record of { $domain } names no report address that works
    .detail = { $part } must be a mail address with `mailto:` before it, or a web address with `https:`. As it is, no reports are sent.
    .fix = DNS admin: correct the address.
    .paste = _smtp._tls.{ $domain }. IN TXT "v=TLSRPTv1; rua=mailto:tls-reports@{ $domain }"

TLS_RPT_ADDRESS_INVALID = A report address in the TLS-RPT record of { $domain } is not valid
    .detail = { $part } is neither a mail address with `mailto:` before it nor a web address with `https:`. No reports go there.
    .fix = DNS admin: correct or remove it.

TLS_RPT_SCHEME = A report address in the TLS-RPT record of { $domain } is of the wrong kind
    .detail = { $part } begins neither with `mailto:` nor with `https:`. No reports go there.
    .fix = DNS admin: correct or remove it.

TLS_RPT_SEMICOLON_IN_LIST = A semicolon breaks the TLS-RPT record of { $domain }
    .detail = Several addresses are separated by commas. Before { $part } there is a semicolon, and senders take the record for invalid.
    .fix = DNS admin: put a comma in place of that semicolon.

TLS_RPT_BAD_TAG = The TLS-RPT record of { $domain } holds something that does not belong there
    .detail = { $part } is not of the form `name=value`, and senders take the record for invalid.
    .fix = DNS admin: remove it.

TLS_RPT_DUPLICATE_TAG = The TLS-RPT record of { $domain } has the field { $part } twice
    .detail = Senders differ in which of the two they take.
    .fix = DNS admin: put all addresses into one `rua=`, with commas between them.

TLS_RPT_UNKNOWN_TAG = The TLS-RPT record of { $domain } has an unknown field
    .detail = There is no field { $part }; senders ignore it. Often it is a typo in the name of another.
    .fix = DNS admin: correct or remove it.

TLS_RPT_REPORT_UNDELIVERABLE = Reports on encryption for { $domain } go to a domain that takes no mail
    .detail = { $destination } has neither mail hosts nor an address, or declares that it takes no mail. Reports are lost; other mail is not affected.
    .fix = DNS admin: correct the report address, or set up mail for { $destination }.

TLS_RPT_REPORT_UNKNOWN = Could not tell whether reports on encryption for { $domain } arrive
    .detail = A DNS question about { $destinations } was not answered: { $reason }. Other mail is not affected.
    .fix = Help desk: run the check again in a few minutes.

TLS_RPT_REPORTS_NOT_ALL_CHECKED = Mailcheck looked at the first { $limit } domains that reports on encryption for { $domain } go to
    .detail = { $left_out ->
        [one] One more was
       *[other] { $left_out } more were
    } left out.

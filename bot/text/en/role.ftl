ROLE_SENDS_AND_RECEIVES = { $domain } is set up to receive mail and to send it
    .detail = The domain has mail hosts, and SPF or DKIM provides for mail that is sent from it. Whether anybody does send, records do not tell.

ROLE_RECEIVES_ONLY = { $domain } takes mail and says that nobody sends from it
    .detail = Its SPF record lists no server, so mail that is sent in its name fails SPF and is often refused or junked. That is right if nobody sends from the domain. If somebody does, the DNS admin adds their mail service to the SPF record.

ROLE_SENDS_ONLY = { $domain } is set up to send mail, but nobody can answer
    .detail = SPF or DKIM provides for sending, and the domain takes no mail. Replies go nowhere; so do error mails, unless the sending service takes them at a domain of its own. Some receivers refuse mail from a domain that cannot be answered (5.7.27).
    .fix = DNS admin: give the domain MX records of a mailbox service that takes replies and error mails, or have the sender use an address of another domain.

ROLE_PARKED = { $domain } says in all its records that it is not used for mail
    .detail = A null MX turns mail away, the SPF record lists no sender, and DMARC asks receivers to reject mail in its name. There is nothing to do.

ROLE_PARKED_INCOMPLETE = Nothing provides for mail of { $domain }, but not all its records say so
    .detail = The domain names no mail host, and no sender that receivers can read. The records that would make this clear are missing or say something else: { $missing }. Until they are there, strangers can more easily send in its name, and senders with a typo may wait for days instead of getting an error at once.
    .fix = DNS admin: if the domain is not meant for mail, publish these three records in place of those that are there. If it is, publish the MX, SPF and DKIM records of the mail service instead.
    .paste =
        { $domain }. IN MX 0 .
        { $domain }. IN TXT "v=spf1 -all"
        _dmarc.{ $domain }. IN TXT "v=DMARC1; p=reject"

ROLE_UNDECLARED = { $domain } takes mail, and nothing says whether it sends any
    .detail = No SPF record names a sender or forbids sending, and there is no DKIM key that is in use. Receivers cannot tell real mail of this domain from forged mail.
    .fix = DNS admin: if people send from the domain, publish the SPF and DKIM records of its mail service. If nobody does, publish the SPF record `v=spf1 -all`.

ROLE_UNKNOWN = { $domain } takes mail; could not tell whether it also sends
    .detail = No SPF record names a sender or forbids sending (only `-all` forbids it, `~all` does not). DKIM could still provide for sending, but no key was found: nobody can list the keys of a domain, so they can be found only under selectors that are known.
    .fix = DNS admin: if people send from the domain, publish the SPF and DKIM records of its mail service. If nobody does, publish the SPF record `v=spf1 -all`. To have a key looked at, hand in its selector with `selector:`.

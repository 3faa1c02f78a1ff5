REVERSE_CONFIRMED = Reverse DNS is in order for { $addresses }
    .detail = { $why ->
        [sending_ip] The sending address { $addresses } is named { $names }, and that name leads back to it, as receivers want it.
        [target] The address { $addresses } is named { $names }, and that name leads back to it, as receivers want it.
       *[other] { $addresses ->
            [one] The mail host at { $addresses } is named { $names }, and the name leads back to it.
           *[other] The mail hosts at { $addresses } are named { $names }, and the names lead back to them.
        } Whether mail is sent from there is not known: give the sending address with `ip:` to have it judged.
    }

REVERSE_GENERIC = The reverse name of { $address } looks like that of a home or dial-up line
    .detail = The address is named { $name }. Access providers name whole ranges this way, and spam from infected home computers comes from such names, so many receivers junk or refuse mail from them.
    .fix = Help desk: first make sure that { $address } is the address that connected to the recipient’s server, and not that of the user’s own PC: it stands in the Received line that their server added, or in the bounce. Mail admin: if it is that of your mail server, first give the server’s host name an A or AAAA record with this address, then ask whoever the address comes from to set the PTR record to that name; or send through the provider’s outgoing server.
    .paste = Please set the PTR record of { $address } to MAIL-HOST-NAME (replace). We have created the A/AAAA record for that name. At present the PTR record is { $name }.

REVERSE_MISSING = The sending address { $address } has no reverse name (PTR record)
    .detail = Big receivers refuse mail from addresses without a reverse name, commonly with 5.7.25. Only the holder of the address can set it, which is mostly the hosting or internet provider and not the DNS host of the domain.
    .fix = Help desk: first make sure that { $address } is the address that connected to the recipient’s server, and not that of the user’s own PC: it stands in the Received line that their server added, or in the bounce. Mail admin: first give the host name of the mail server an A or AAAA record with this address, then ask the provider of the address to set the PTR record to that name.
    .paste = Please set the PTR record of { $address } to MAIL-HOST-NAME (replace). We have created the A/AAAA record for that name.

REVERSE_MISSING_ON_TARGET = { $address } has no reverse name (PTR record)
    .detail = If mail is sent from this address, big receivers refuse it, commonly with 5.7.25. If it only receives mail, nothing is lost.
    .fix = Help desk: first make sure that { $address } is the address that connected to the recipient’s server, and not that of the user’s own PC: it stands in the Received line that their server added, or in the bounce. Mail admin: if it is, first give the host name of the mail server an A or AAAA record with this address, then ask the provider of the address to set the PTR record to that name.
    .paste = Please set the PTR record of { $address } to MAIL-HOST-NAME (replace). We have created the A/AAAA record for that name.

REVERSE_MISSING_ON_MX = Mail hosts without a reverse name (PTR record)
    .detail = { $addresses ->
        [one] { $addresses } has
       *[other] { $addresses } have
    } no PTR record. For receiving mail none is needed. If the same machines also send, big receivers refuse their mail.
    .fix = Help desk: find out from which address the mail leaves, and run the check again with `ip:` and that address. Mail admin: if it is one of these, ask its provider for a PTR record.

REVERSE_UNCONFIRMED = The reverse name of the sending address { $address } does not lead back to it
    .detail = The address is named { $names }, but looking up { $names ->
        [one] that name
       *[other] those names
    } does not give this address. Anybody can write any name into a PTR record, so receivers believe it only if both directions agree; big ones refuse the mail otherwise.
    .fix = Help desk: first make sure that { $address } is the address that connected to the recipient’s server, and not that of the user’s own PC: it stands in the Received line that their server added, or in the bounce. DNS admin: give the name an A or AAAA record with { $address }. If the name is wrong, first give the host name of the mail server such a record, then ask the provider of the address to change the PTR record to that name.

REVERSE_UNCONFIRMED_ON_TARGET = The reverse name of { $address } does not lead back to it
    .detail = The address is named { $names }, but looking up { $names ->
        [one] that name
       *[other] those names
    } does not give this address. If mail is sent from here, big receivers refuse it; if it only receives mail, nothing is lost.
    .fix = Help desk: first make sure that { $address } is the address that connected to the recipient’s server, and not that of the user’s own PC: it stands in the Received line that their server added, or in the bounce. DNS admin: if it is, give the name an A or AAAA record with { $address }, or have the PTR record changed by the provider of the address.

REVERSE_UNCONFIRMED_ON_MX = The reverse name of the mail host at { $address } does not lead back to it
    .detail = The address is named { $names }, but looking up { $names ->
        [one] that name
       *[other] those names
    } does not give this address. For receiving mail that does no harm. If the same machine also sends, big receivers refuse its mail.
    .fix = Help desk: find out from which address the mail leaves, and run the check again with `ip:` and that address.

REVERSE_PRIVATE_ADDRESS = { $address } is not the address that receivers see
    .detail = This address only exists inside a network. On the way out it is replaced by a public one, and that one counts for reverse DNS and blocklists.
    .fix = Help desk: find the public sending address in the bounce, or in the Received line that the recipient’s server added, and run the check again with it.

REVERSE_TOO_MANY_NAMES = { $address } has more reverse names than Mailcheck looks up
    .detail = Of its many PTR records the first { $limit } were looked up, and none of them leads back. One of the others may. Receivers stop early as well, so this is unsafe.
    .fix = Mail admin: have the PTR records cut down to one, the host name of the mail server.

REVERSE_UNKNOWN = Could not tell whether reverse DNS is in order for { $addresses }
    .detail = A DNS question on the way from the address to its name and back was not answered: { $reason }. A receiver who meets the same may delay the mail, or treat it as if there were no name.
    .fix = Help desk: run the check again in a few minutes. If it stays so, pass the reason on to the provider of the address.

REVERSE_NOT_ALL_ADDRESSES = Not all mail hosts were looked at for reverse DNS
    .detail = Left out: { $hosts ->
        [none] no host
       *[other] { $hosts }
    }; addresses left out at the hosts looked at: { $addresses ->
        [none] none
       *[other] { $addresses }
    }.

REVERSE_NOTHING_TO_LOOK_AT = There is no address to judge reverse DNS by
    .detail = No sending address was given, and the domain has no mail host with a public address.
    .fix = Help desk: find the sending address in the bounce or in the headers, and run the check again with `ip:` and that address.

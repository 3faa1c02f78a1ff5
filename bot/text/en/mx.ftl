MX_FOUND = { $domain } names its mail hosts
    .detail = Mail for { $domain } goes to { $hosts }{ $hosts ->
        [one] .
       *[other] , in this order of preference.
    }

MX_EQUAL_PREFERENCES = Mail for { $domain } is shared among hosts of the same preference
    .detail = { $hosts } have the same preference, so senders choose among them by chance. That spreads the load; it also means that a fault on one of them shows now and then only.

MX_SINGLE_HOST = All mail for { $domain } goes to one address
    .detail = { $host } is the only mail host, and it has one address. When it cannot be reached, senders keep the mail and try again, mostly for some days, so a short outage loses nothing.
    .fix = Mail admin: nothing to do if the host is watched and back within hours. A second host must know the same mailboxes, or it does more harm than good.

MX_IMPLICIT = { $domain } has no MX record; mail goes to its own address
    .detail = Without an MX record, senders fall back to the address of the domain itself, { $addresses }. That works as long as a mail server listens there, but it is fragile: the address usually belongs to the web site, and some receivers distrust senders whose domain has no MX record.
    .fix = DNS admin: publish an MX record that names the mail server. If the domain is not to take mail, publish a null MX instead.

MX_NULL = { $domain } declares that it takes no mail
    .detail = The domain has a null MX record (`0 .`). Mail to any address there is refused at once, and receivers may refuse mail sent from it, because nobody could answer.
    .fix = Sender: check the address, this domain takes no mail on purpose. DNS admin: if the domain is meant to take mail, replace the null MX by MX records that name the mail servers.

MX_NULL_PREFERENCE = The null MX of { $domain } has preference { $preference } instead of 0
    .detail = The standard wants a null MX to be written with preference 0. Some programs may not recognise it otherwise and try to connect to a host without a name.
    .fix = DNS admin: change the preference to 0.
    .paste = { $domain }. IN MX 0 .

MX_NULL_WITH_OTHERS = { $domain } says “no mail” and names mail hosts at the same time
    .detail = A null MX (`0 .`) must stand alone. Here it stands beside { $hosts }, so some senders deliver and others give up at once.
    .fix = DNS admin: decide which is meant. If the domain takes mail, delete the record `0 .`; if not, delete the others.

MX_NONE = Mail for { $domain } has nowhere to go
    .detail = The domain has neither an MX record nor an address of its own. Every sender gives up at once.
    .fix = Sender: check the part after the @ for a typo. DNS admin: publish the MX records that the mail provider of the domain asks for.

MX_NO_USABLE_HOST = { $domain } has no mail host that can be reached from the internet
    .detail = { $hosts ->
        [one] The MX record names { $hosts }, which has no address
       *[other] The MX records name { $hosts }, and not one of them has an address
    } that senders outside can connect to. Mail for the domain is not delivered.
    .fix = DNS admin: correct the MX records, or give the hosts they name public A or AAAA records.

MX_IS_ALIAS = The mail host { $host } is an alias (CNAME)
    .detail = An MX record must name a host with addresses of its own, and { $host } points on to { $canonical }. Most senders put up with it; some refuse to deliver or loop.
    .fix = DNS admin: write { $canonical } into the MX record, or replace the CNAME of { $host } by A or AAAA records.

MX_HOST_NOT_FOUND = The mail host { $host } has no address
    .detail = The MX record names { $host }, and DNS has neither an A nor an AAAA record for it. Senders lose time on it and go on to the next host, if there is one.
    .fix = DNS admin: correct the name in the MX record, give the host an address, or remove the record if the host is gone.

MX_NAME_DOUBLED = The MX record names { $host }, where { $meant } was meant
    .detail = The name ends in the domain twice and has no address. That happens when the final dot is missing in a zone file, or when a form that adds the domain by itself was given the full name.
    .fix = DNS admin: change the MX record to { $meant }. Write it with a dot at the end in a zone file, or as the form of the DNS provider wants it.
    .paste = { $meant }.

MX_IS_ADDRESS = An MX record holds the IP address { $address } instead of a host name
    .detail = An MX record must hold a host name. Senders look for a host with the name { $address }, find none, and pass this record over.
    .fix = DNS admin: make a host name with an A or AAAA record for { $address }, and put that name into the MX record.

MX_VERIFICATION_LEFTOVER = The MX record { $host } is left over from proving ownership
    .detail = Names that end in `.invalid` never exist. A provider once asked for this record to see that the domain is yours. It does no harm while real mail hosts stand before it.
    .fix = DNS admin: delete the record once the domain is verified.

MX_PRIVATE_ADDRESS = The mail host { $host } has an address that only works inside a network
    .detail = { $addresses } cannot be reached from the internet, so outside senders fail there or reach something else. Mailcheck does not connect to such addresses.
    .fix = DNS admin: put the public address of the mail server into the public DNS, and keep internal addresses in the internal DNS only.

MX_NOT_ALL_HOSTS = Mailcheck looked at the first { $limit } mail hosts
    .detail = { $left_out ->
        [one] One more mail host was
       *[other] { $left_out } more mail hosts were
    } left out. Senders rarely get that far down the list either.

MX_ADDRESS_UNKNOWN = Could not tell all addresses of { $hosts }
    .detail = A DNS question about them was not answered: { $reason }. The addresses may well be there.
    .fix = Help desk: run the check again in a few minutes. If it stays so, the DNS admin of these hosts checks their name servers; senders who get no answer delay the mail.

MX_UNKNOWN = Could not tell where mail for { $domain } goes
    .detail = The DNS question was not answered: { $reason }. This does not mean that the MX record is missing. Senders who meet the same delay the mail and try again.
    .fix = Help desk: run the check again in a few minutes. If it stays so, pass the reason on to the DNS admin of the domain.

RECEIVING_READY = { $hosts ->
        [one] { $hosts } answers on port 25
       *[other] The mail hosts answer on port 25
    }
    .detail = { $hosts } greeted Mailcheck and took EHLO as from any sender. Whether a certain mailbox exists is not tested.

RECEIVING_CONNECTION_REFUSED = { $host } refuses connections on port 25
    .detail = At { $addresses } nothing listens on port 25, or a firewall turns connections away, seen from where Mailcheck runs. Senders who meet the same go on to the next mail host or delay the mail, and give up after some days.
    .fix = Mail admin of the receiving side: check that the mail server runs and that the firewall lets port 25 in. If the host is no longer used, the DNS admin removes its MX record.

RECEIVING_OTHERS_TAKE_OVER = Mail still arrives, because { $up } takes it
    .detail = Nothing takes mail at { $down }. Senders try the hosts in order of preference and go on to the next one, so mail arrives, some of it later than usual.
    .fix = Mail admin of the receiving side: bring { $down } back, or take it out of the MX records.

RECEIVING_NONE_LISTENS = No mail host of the domain takes mail
    .detail = The connection was refused, or what answered does not speak SMTP, at every host: { $hosts }. If other senders meet the same, all mail to the domain waits at its senders and comes back after some days. A firewall on the network of Mailcheck that refuses port 25 looks the same.
    .fix = Mail admin of the receiving side: see whether the mail service runs and port 25 is open to everybody. Help desk: check another domain first; if that one is refused too, the trouble is on our own network.

RECEIVING_NAME_DIFFERS = The mail host { $host } calls itself { $said }, but its address has another name
    .detail = The reverse DNS (PTR) of { $address } says { $names }. For receiving that does not matter. If the same server also sends mail, receivers compare the two, and some take a mismatch as a sign of spam.
    .fix = Mail admin: if this server sends mail, set its host name to the reverse name, or have the reverse name changed to { $said } by whoever provides the address.

RECEIVING_NOT_SMTP = What answers on port 25 of { $host } is not a mail server
    .detail = At { $addresses } something accepts the connection but does not speak SMTP. Often the MX record leads to a web server or to a router. Mail is not delivered there.
    .fix = DNS admin: check that the MX record names the right host. Network admin: check where port 25 of this address is forwarded to.

RECEIVING_HOST_TAKES_NO_MAIL = { $host } says that it never takes mail
    .detail = The server at { $addresses } answers { $reply }. That means: no mail here, ever. Senders may go on to another mail host or return the mail at once.
    .fix = DNS admin of the receiving side: remove the MX record of this host, or have its mail service switched on.

RECEIVING_TAKES_NO_MAIL = Every mail host says that it never takes mail
    .detail = The answer of { $hosts } is { $reply }. That means: no mail here, ever. Mail for the domain is returned.
    .fix = Mail admin of the receiving side: switch the mail service on, or point the MX records to the servers that take mail now.

RECEIVING_LIMITED = { $host } puts Mailcheck off for now
    .detail = The server at { $addresses } answers { $reply }. This is a temporary limit, often because of too many connections or because it does not know our address. It says nothing about other senders.
    .fix = Help desk: run the check again in a quarter of an hour. If the user’s own bounce shows the same text, the sending server is being limited too.

RECEIVING_REFUSES_US = { $host } turns Mailcheck away
    .detail = The server at { $addresses } answers { $reply }. It may refuse only the address where Mailcheck runs, for example because of a blocklist. What other senders meet is not known.
    .fix = Help desk: compare this with the user’s bounce. If that shows the same text, the reason given there decides; if not, nothing needs to be done.

RECEIVING_TIMEOUT = { $host } cannot be reached on port 25 from here
    .detail = The connection to { $addresses } was not answered, while another mail host of the domain did answer. The host may be down, or a firewall may drop connections from where Mailcheck runs.
    .fix = Help desk: run the check again later. If it stays so, the mail admin of the receiving side checks this host and its firewall.

RECEIVING_PORT25_BLOCKED_HERE = Could not reach any mail host on port 25; it may be blocked where Mailcheck runs
    .detail = No answer came from { $hosts }. Many cloud and office networks block outgoing port 25, and then it looks just like this for every domain. So nothing can be said about these mail hosts.
    .fix = Help desk: check a domain that is known to work. If that cannot be reached either, whoever runs the bot asks the network or cloud provider to open outgoing port 25. If only this domain is silent, its mail admin checks the servers and the firewall.

RECEIVING_UNKNOWN = Could not tell whether { $host } takes mail
    .detail = The conversation with the server at { $addresses } came to nothing: { $reason }. What other senders meet is not known.
    .fix = Help desk: run the check again in a few minutes. If it stays so, pass the reason on to the mail admin of the receiving side.

RECEIVING_IPV6_NOT_TRIED = { $host } was tried over IPv4 only
    .detail = It also has { $addresses }, but there is no IPv6 where Mailcheck runs. Whether the host answers over IPv6 is not known.

RECEIVING_NO_STARTTLS = { $host } does not offer encryption (STARTTLS)
    .detail = Mail to the server at { $addresses } crosses the internet unencrypted. Senders who insist upon encryption do not deliver it at all.
    .fix = Mail admin of the receiving side: switch on STARTTLS with a certificate for { $host }. If the server is set up for it, look for a firewall that rewrites SMTP.

RECEIVING_STARTTLS_REFUSED = { $host } offers encryption and then refuses it
    .detail = The server at { $addresses } answers STARTTLS with { $reply }. Senders who insist upon encryption do not deliver; the others send unencrypted or delay the mail.
    .fix = Mail admin of the receiving side: check the TLS settings of the server, above all whether it can read its certificate and key.

RECEIVING_TLS_FAILED = Encryption with { $host } cannot be set up
    .detail = The server at { $addresses } agrees to STARTTLS, but then the TLS handshake fails. Some senders do not deliver in this state; others fall back to sending unencrypted.
    .fix = Mail admin of the receiving side: check the certificate, its key and the TLS versions that the server allows; TLS 1.2 or 1.3 should be on.

RECEIVING_TLS_UNKNOWN = Could not tell whether encryption works with { $host }
    .detail = The conversation with the server at { $addresses } broke off while encryption was being set up: { $reason }.
    .fix = Help desk: run the check again in a few minutes. If it stays so, pass this on to the mail admin of the receiving side.

RECEIVING_OLD_TLS = { $host } speaks only an outdated TLS version
    .detail = The server at { $addresses } agreed on { $version }. TLS 1.0 and 1.1 are no longer to be used, and more and more senders refuse them.
    .fix = Mail admin of the receiving side: switch on TLS 1.2 and 1.3.

RECEIVING_CERTIFICATE_EXPIRED = The certificate of { $host } expired on { $not_after }
    .detail = The server at { $addresses } still encrypts, and most senders do not look at the certificate. Those who do, because of MTA-STS or by their own rule, delivered until that day and have stopped since: some mail no longer arrives.
    .fix = Mail admin of the receiving side: renew the certificate and load it into the mail server, and check why the renewal did not happen by itself.

RECEIVING_CERTIFICATE_NOT_YET_VALID = The certificate of { $host } is valid only from { $not_before }
    .detail = The server at { $addresses } still encrypts, and most senders do not look at the certificate. Those who do, because of MTA-STS or by their own rule, do not deliver until then: some mail arrives late or comes back.
    .fix = Mail admin of the receiving side: load a certificate that is valid now.

RECEIVING_CERTIFICATE_WRONG_NAME = The certificate of { $host } is made for other names
    .detail = The server at { $addresses } shows a certificate for { $names ->
        [none] no host name at all
       *[other] { $names }
    }. Most senders do not mind. It matters as soon as the domain uses MTA-STS, or for senders who check names.
    .fix = Mail admin of the receiving side: get a certificate that contains { $host }, or let the MX record name a host that the certificate contains.

RECEIVING_CERTIFICATE_UNTRUSTED = The certificate of { $host } is not from a known authority
    .detail = The server at { $addresses } shows a certificate that is self-signed, from a private authority, or sent without its intermediate certificate. Ordinary senders encrypt with it all the same, and no mail is lost. It matters as soon as the domain uses MTA-STS, and for the few senders who were set up to check.
    .fix = Mail admin of the receiving side: use a certificate of a public authority, and have the server send the whole chain.

RECEIVING_CERTIFICATE_UNREADABLE = The certificate of { $host } cannot be read
    .detail = What the server at { $addresses } shows as its certificate is damaged or far too large. Ordinary senders do not read it, and their mail arrives. It matters as soon as the domain uses MTA-STS, and for the few senders who were set up to check.
    .fix = Mail admin of the receiving side: load a proper certificate into the mail server.

RECEIVING_NOT_ALL_ADDRESSES = Not all mail hosts were visited
    .detail = Left out: { $hosts ->
        [none] no host
       *[other] { $hosts }
    }; addresses left out at the hosts visited: { $addresses ->
        [none] none
       *[other] { $addresses }
    }.

RECEIVING_NO_HOST = There is no mail host to visit
    .detail = The domain names no mail host that has an address; see the step on MX records.

DOMAIN_FOUND = { $domain } exists in DNS
    .detail = The zone is served by { $name_servers ->
        [none] name servers whose names were not told
       *[other] { $name_servers }
    }. DNSSEC: { $dnssec ->
        [secure] signed, and the DNS resolver of Mailcheck says that the signatures hold.
        [insecure] not signed.
       *[other] not known, because the DNS resolver of Mailcheck does not say whether it checks signatures.
    }

DOMAIN_WITHIN_ZONE = { $domain } exists, inside the zone of a domain above it
    .detail = The name has no zone of its own, so its records are edited where the domain above it is kept. DNSSEC: { $dnssec ->
        [secure] signed, and the DNS resolver of Mailcheck says that the signatures hold.
        [insecure] not signed.
       *[other] not known, because the DNS resolver of Mailcheck does not say whether it checks signatures.
    }

DOMAIN_IS_ALIAS = { $domain } is an alias (CNAME) of { $canonical }
    .detail = Whatever is asked about { $domain } is answered from { $canonical }, mail records included. That works, but a record added for { $domain } itself would not be seen.
    .fix = DNS admin: nothing to do if this is meant. To give { $domain } mail records of its own, replace the CNAME by the records themselves.

DOMAIN_ALIAS_BESIDE_RECORDS = { $domain } is an alias (CNAME) and has other records at the same time
    .detail = A name with a CNAME must not have any other record, and this one points to { $canonical } and has { $beside } as well. Which of them a mail server sees depends on what its resolver asked before, so mail works now and then and fails now and then.
    .fix = DNS admin: decide which is meant. To use the domain for mail, delete the CNAME; a web site can be reached through A and AAAA records or through what the DNS provider offers as ALIAS or “CNAME flattening”.

DOMAIN_WILDCARD_TEXT = A wildcard TXT record answers for every name below { $domain }
    .detail = Even for a name that nobody made, DNS answers { $text }. So receivers also get this text where DMARC, DKIM or MTA-STS records belong, and a record that is missing there is hard to notice.
    .fix = DNS admin: delete the TXT record with the name `*` if no service needs it.

DOMAIN_INTERNATIONALIZED = { $domain } is how { $unicode } is written in DNS
    .detail = Names with letters outside a to z travel in the form that begins with `xn--`. DNS records, MX, SPF and the `d=` of DKIM need that form; people and mail programs may show the other one.

DOMAIN_XN_LABEL_INVALID = { $domain } contains { $label }, which stands for no readable name
    .detail = A part that begins with `xn--` has to be the encoded form of a name with letters outside a to z. This one cannot be decoded, so mail programs and servers may refuse addresses with it.
    .fix = Sender: copy the address again from a message that arrived. Owner of the domain: register the name in its correct form.

DOMAIN_NXDOMAIN = The domain { $domain } does not exist
    .detail = DNS says that there is no such name (NXDOMAIN), so no mail to or from it can work. { $closest ->
        [none] Which part of the name still exists is not known.
       *[other] The nearest name above it that exists is { $closest }.
    } Common reasons: a typo, a domain that was never registered, or one that has expired.
    .fix = Sender: check the spelling of the part after the @. If it is right, the owner of the domain looks at the registrar whether it has expired or is on hold.

DOMAIN_ALIAS_DANGLING = { $domain } is an alias of a name that does not exist
    .detail = The CNAME record of { $domain } points to { $canonical }, and DNS says that there is no such name. This often remains after a service was cancelled. No mail to or from { $domain } can work.
    .fix = DNS admin: point the CNAME to the name that the service uses now, or remove it and publish the mail records directly.

DOMAIN_BOGUS = The DNSSEC signatures of { $domain } do not hold
    .detail = There are answers for { $domain }, but they fail the signature check, so resolvers that check signatures give out nothing at all. Most big mail providers use such resolvers: for them the domain has no mail records. Typical reasons are expired signatures, or a DS record left at the registrar after a change of DNS provider.
    .fix = DNS admin: have the zone signed again, or correct the DS record at the registrar. If DNSSEC is not wanted, remove the DS record there.

DOMAIN_SERVFAIL = Could not tell whether { $domain } works: its name servers give no usable answer
    .detail = The DNS resolver of Mailcheck reports SERVFAIL. Either the name servers of { $domain } are down or set up wrongly, or the resolver is itself in trouble. This does not mean that any record is missing.
    .fix = Help desk: run the check again in a few minutes. If it stays so, the DNS admin of the domain checks that all its name servers answer.

DOMAIN_TIMEOUT = Could not tell whether { $domain } works: DNS did not answer in time
    .detail = Nobody answered the question about { $domain }. The name servers may be down or very slow, or the network between may drop the packets. This does not mean that any record is missing.
    .fix = Help desk: run the check again in a few minutes. If other domains time out as well, the trouble is on our own network.

DOMAIN_REFUSED = Could not tell whether { $domain } works: DNS refuses the question
    .detail = The DNS resolver answers REFUSED when asked about { $domain }. It may not be willing to serve Mailcheck, or the name servers of the domain refuse to be asked. This does not mean that any record is missing.
    .fix = Help desk: check a domain that is known to work. If that is refused too, whoever runs the bot gives it another DNS resolver. If only { $domain } is refused, tell its DNS admin.

DOMAIN_UNKNOWN = Could not tell whether { $domain } works
    .detail = The question about the domain was not answered: { $reason }. This does not mean that any record is missing.
    .fix = Help desk: run the check again in a few minutes. If the reason stays the same for this domain only, pass it on to its DNS admin; if it is the same for every domain, to whoever runs the bot.

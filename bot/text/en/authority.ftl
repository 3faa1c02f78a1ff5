AUTHORITY_AGREE = The name servers of { $zone } that were asked agree on MX, SPF and DMARC
    .detail = { $servers } answered directly, each as a server of the zone. The zone names { $total ->
        [one] one name server
       *[other] { $total } name servers
    } in all.

AUTHORITY_DNS_HOST = The name servers of { $zone } belong to { $host }{ $page ->
        [none] { "" }
       *[other] , where records are changed: { $page }{ $language ->
            [ja] { " " }(page in Japanese)
           *[other] { "" }
        }
    }
    .detail = Their names show it. Whoever has the login at { $host } can change the MX, SPF, DKIM and DMARC records, unless the zone is only copied there from another server.

AUTHORITY_NO_SERVER_ANSWERS = None of the name servers of { $zone } serves it
    .detail = The domain is delegated to { $servers }, and not one of them gave an answer for it. The zone above did answer, so direct questions from Mailcheck get through. Until a name server works again, no record of the domain can be found: mail to it waits and comes back after some days, mail from it is delayed or refused, and the other steps cannot check anything. The usual reasons: a DNS or hosting contract that ended, or a move to another DNS provider that was not finished.
    .fix = DNS admin: see which DNS provider the domain is meant to be at. Put its name servers in at the registrar, or have the zone set up again at the provider that is named there now.

AUTHORITY_NOT_DELEGATED = The DNS above { $zone } says that there is no such domain
    .detail = A name server of { $parent } said so. A domain that has expired or is on hold looks like this: the records that the other steps found are then left over in the cache of a DNS resolver and vanish within hours or days. A domain that only exists in the internal DNS of a company looks the same: nobody outside can write to it.
    .fix = DNS admin: look at the registrar today whether the domain has expired or is on hold, and renew it. After that it can take a day until everybody sees it again. If { $zone } is a part of a domain of your own, add its NS records in { $parent }.

AUTHORITY_SERVER_LAME = { $servers ->
        [one] The name server { $servers } is named for { $zone } and does not serve it
       *[other] Name servers named for { $zone } do not serve it: { $servers }
    }
    .detail = Asked directly, { $reason ->
        [none] the answer was not that of a server of the zone (no authority).
       *[other] the answer was: { $reason }.
    } Unless only Mailcheck is answered so, whoever asks there has to try another server, which costs time and sometimes fails: mail is then delayed, and SPF or DMARC may fail for no visible reason.
    .fix = DNS admin: remove this name server from the list at the registrar and from the NS records of the zone, or have the zone set up on it.

AUTHORITY_SERVER_SILENT = { $servers ->
        [one] The name server { $servers } of { $zone } does not answer
       *[other] Name servers of { $zone } do not answer: { $servers }
    }
    .detail = Asked directly by Mailcheck, { $servers ->
        [one] it stays
       *[other] they stay
    } silent, while direct questions to others get through. If others meet the same, whoever asks there first has to wait, and some give up: mail is delayed, and now and then a record is not found.
    .fix = DNS admin: check that the server runs and that UDP and TCP port 53 are open to everybody. If the server is gone, remove it at the registrar and from the NS records of the zone.

AUTHORITY_SERVER_NO_ADDRESS = { $servers ->
        [one] The name server { $servers } of { $zone } has no address
       *[other] Name servers of { $zone } have no address: { $servers }
    }
    .detail = The name stands in the NS records, but DNS knows no address for it, so nobody can ask it. Only the other name servers, if there are any, serve the zone.
    .fix = DNS admin: correct the name at the registrar and in the NS records of the zone, or remove it.

AUTHORITY_SERVER_PRIVATE = { $servers ->
        [one] The name server { $servers } of { $zone } has an address that only works inside a network
       *[other] Name servers of { $zone } have addresses that only work inside a network: { $servers }
    }
    .detail = Nobody outside can ask a server there. Only the other name servers, if there are any, serve the zone.
    .fix = DNS admin: give the server its public address, or remove it at the registrar and from the NS records of the zone.

AUTHORITY_BLOCKED_HERE = Could not ask the name servers of { $zone } directly
    .detail = Mailcheck got no usable answer from { $servers }, although the DNS resolver has answers for the domain. Most likely direct DNS questions (UDP and TCP port 53) are blocked or diverted on the network of Mailcheck. Less likely, the servers failed a short while ago and the resolver answers from its cache. Whether all servers say the same is not known.
    .fix = Help desk: check a domain that is known to work. If this step says the same there, whoever runs the bot opens port 53 to the outside for it, or goes without this step. If it says so of { $zone } only, tell the DNS admin of { $zone }.

AUTHORITY_RESOLVER_FAILS = The name servers of { $zone } answer, but the DNS resolver of Mailcheck gets nothing from them
    .detail = Asked directly, { $servers } answered. The resolver failed all the same: { $reason }. Other resolvers may fail in the same way: a firewall that shuts some of them out, or DNSSEC records at the registrar that do not fit the zone.
    .fix = Help desk: run the check again in a few minutes. If it stays so, the DNS admin of the domain checks the DS records at the registrar and any limits or firewalls in front of the name servers.

AUTHORITY_UNKNOWN = Could not tell everything about the name servers of { $zone }
    .detail = { $servers ->
        [none] It is not known which name servers the zone has
       *[other] Not every question about { $servers } was answered
    }: { $reason }. That does not mean that anything is wrong with the zone.
    .fix = Help desk: run the check again in a few minutes. If the reason stays, pass it on to the DNS admin of the domain.

AUTHORITY_TCP_BLOCKED = Could not get long answers from { $servers }
    .detail = An answer about { $zone } is too long for UDP, and asking again over TCP did not work. TCP port 53 may be closed on the network of Mailcheck; then nothing is wrong. Or it is closed at these servers; then receivers cannot read the long TXT records of the domain, such as SPF.
    .fix = Help desk: check another domain with long TXT records, such as a large company’s. If this step says the same there, tell whoever runs the bot. If not, the DNS admin of { $zone } checks that the name servers take TCP on port 53, and removes TXT records that are no longer needed.

AUTHORITY_SERIALS_DIFFER = The name servers of { $zone } have different versions of the zone
    .detail = Newest version at { $newest }, older at { $older }. Serial numbers: { $serials }. Mostly a change is on its way; until all servers have it, some receivers see the old records and some the new ones. Where two DNS providers serve the zone, each may count its versions on its own, and then the difference means nothing.
    .fix = DNS admin: wait; this mostly takes minutes. If it is still so after some hours and the servers copy from each other, check the zone transfer to { $older }.

AUTHORITY_MX_DIFFERS = The name servers of { $domain } name different mail hosts
    .detail = Asked one by one, they said (NODATA: no such record): { $answers }. So mail goes to one host or another, depending on which server the sender happens to ask. Either a change is still on its way, or there are two sets of name servers that know nothing of each other.
    .fix = DNS admin: if the MX records were changed within the last hours, wait. If not, bring the zone to the same state on all servers; after a move to another DNS provider, remove the old name servers at the registrar.

AUTHORITY_SPF_DIFFERS = The name servers of { $domain } have different SPF records
    .detail = Asked one by one, they said (NODATA: no such record): { $answers }. The same mail then passes SPF at one receiver and fails at another. Either a change is still on its way, or there are two sets of name servers that know nothing of each other.
    .fix = DNS admin: if the SPF record was changed within the last hours, wait. If not, bring the zone to the same state on all servers; after a move to another DNS provider, remove the old name servers at the registrar.

AUTHORITY_DMARC_DIFFERS = The name servers of { $domain } have different DMARC records
    .detail = Asked one by one, they said (NODATA: no such record): { $answers }. The same mail is then treated by different rules at different receivers. Either a change is still on its way, or there are two sets of name servers that know nothing of each other.
    .fix = DNS admin: if the DMARC record was changed within the last hours, wait. If not, bring the zone to the same state on all servers; after a move to another DNS provider, remove the old name servers at the registrar.

AUTHORITY_CACHE_DIFFERS = The { $record } record of { $domain } is another at its name servers than at the DNS resolver of Mailcheck
    .detail = The name servers that were asked say { $current }. The resolver says { $cached }, and that is what the other steps have judged. Most likely the record was changed a short while ago: the resolver keeps the old one for up to { $left } more, and those of receivers for about as long. It can also be that the resolver of Mailcheck answers from an internal DNS.
    .fix = Help desk: if the record has just been changed, nothing needs to be corrected; run the check again after { $left }. If nobody has changed it, ask whoever runs the bot whether its resolver answers from an internal DNS.

AUTHORITY_DELEGATION_DIFFERS = The delegation of { $zone } and the zone itself name different name servers
    .detail = { $only_above ->
        [none] Every server in the delegation (set at the registrar) is named in the zone as well
       *[other] Only in the delegation (set at the registrar): { $only_above }
    }. { $only_here ->
        [none] Every server named in the zone is in the delegation as well
       *[other] Only in the zone: { $only_here }
    }. Mail works as long as all these servers serve the zone, but records changed at one provider may never reach the other.
    .fix = DNS admin: make the list of name servers at the registrar and the NS records of the zone the same.

AUTHORITY_TTL_SHORT = The MX record of { $domain } is valid for only { $ttl }
    .detail = Senders have to ask for it again for nearly every mail. When the name servers are slow or down for a moment, mail waits.
    .fix = DNS admin: unless a move is under way, set the TTL of the MX record to an hour (3600).

AUTHORITY_TTL_LONG = The MX record of { $domain } is valid for { $ttl }
    .detail = That does no harm while nothing changes. After a change, some senders go on using the old mail host for up to that long.
    .fix = DNS admin: lower the TTL to an hour (3600) some days before mail is moved to another provider.

AUTHORITY_SINGLE_SERVER = { $zone } names only one name server
    .detail = Everything rests on { $servers }. When it is down, the records of the domain cannot be found any more as soon as caches have forgotten them, and mail in both directions waits.
    .fix = DNS admin: add a second name server, in another network.

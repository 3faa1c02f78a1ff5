# Blocklists: lists in DNS by which receivers refuse mail.

BLOCKLISTS_CLEAN = { $why ->
        [mail_host] Mail hosts on none of the { $answered } blocklists that answered; no sending address was given: { $addresses }
       *[other] On none of the { $answered } blocklists that answered: { $addresses }
    }
    .detail = { $answered } of { $asked } blocklists answered about { $addresses }, and none of them has an entry. { $why ->
        [mail_host] That is where mail arrives; it may leave from another address. Add `ip:` with the sending address from the ticket or the bounce, and that one is checked.
        [spf] The domain’s own SPF record names this as a place its mail is sent from. If the bounce shows another sending address, add it with `ip:`.
       *[other] So an IP blocklist is not the likely reason why mail from there is refused.
    }{ $without_ipv6 ->
        [0] {""}
       *[other] {" "}Lists that cannot be asked about IPv6 addresses and were left out: { $without_ipv6 }.
    }

BLOCKLISTS_DOMAIN_CLEAN = { $domain } is on none of the { $answered } domain blocklists that answered
    .detail = { $answered } of { $asked } lists of domains answered, and none of them lists { $domain }.

BLOCKLISTS_LISTED = { $address } is on { $list }: receivers refuse or junk mail from it
    .detail = { $list } is widely used: many receivers refuse mail by its word, others count it towards spam. What it says: { $meaning ->
        [hijacked_net] the whole block of addresses is in the hands of criminals. This blames the block, not you, but hardly any mail from there gets through.
        [spam_source] the address sends spam, or belongs to somebody who does. This blames the address itself.
        [spam_trap] mail from it arrived at spam traps, addresses that nobody ever gave to anybody. Old or bought address lists and broken-in accounts are common reasons.
        [reported] people reported mail from it as spam. Newsletters without consent, and automatic replies to forged spam, are common reasons.
        [low_reputation] it sends much mail that nobody wants. A broken-in account or web form, an old address list or a missing reverse DNS are common reasons.
       *[other] mail from it is unwanted.
    } The list answered { $codes }{ $reason ->
        [none] .
       *[other] {" "}and gave as its reason: { $reason }
    }
    .fix = In this order:
        1. Mail admin: find the cause. Look for an account or web form that sends more than it should, change the passwords of such accounts, and scan the devices that share { $address }.
        2. Mail admin: stop it. Asking for removal while it goes on leads back onto the list.
        3. { $removal ->
            [expiry] Wait: the entry ends by itself some time after the cause has stopped. There is nothing to apply for.
           *[other] Mail admin, or the provider if the address is theirs: look the address up and ask for removal.
        } { $page ->
            [none] { $reason ->
                [none] The name of the list, in a search engine, leads to its page.
               *[other] The list’s own words above often name its page; otherwise a search engine leads there.
            }
           *[other] Page of the list: { $page } { $as_of ->
                [none] (undated in our data, so it may be outdated)
               *[other] (as of { $as_of })
            }
        }
        4. Until then, send through another server, such as the provider’s own.

BLOCKLISTS_LISTED_ON_MX = The mail host { $address } is on { $list }
    .detail = { $list } is widely used. This matters if the host also sends mail; the sending address may be another one. What the list says: { $meaning ->
        [hijacked_net] the whole block of addresses is in the hands of criminals.
        [spam_source] the address sends spam, or belongs to somebody who does.
        [spam_trap] mail from it arrived at spam traps, addresses that nobody ever gave to anybody.
        [reported] people reported mail from it as spam.
        [low_reputation] it sends much mail that nobody wants.
       *[other] mail from it is unwanted.
    } The list answered { $codes }{ $reason ->
        [none] .
       *[other] {" "}and gave as its reason: { $reason }
    }
    .fix = In this order:
        1. Help desk: find the sending address in the bounce or in the headers of a sent mail, and check again with `ip:` and that address. If it is another one, this listing does not stop the mail.
        2. Mail admin: if it is { $address }, find and stop what sends unwanted mail there.
        3. { $removal ->
            [expiry] Wait: the entry ends by itself some time after the cause has stopped.
           *[other] Mail admin: look the address up and ask for removal.
        } { $page ->
            [none] { $reason ->
                [none] The name of the list, in a search engine, leads to its page.
               *[other] The list’s own words above often name its page; otherwise a search engine leads there.
            }
           *[other] Page of the list: { $page } { $as_of ->
                [none] (undated in our data, so it may be outdated)
               *[other] (as of { $as_of })
            }
        }

BLOCKLISTS_LISTED_IN_SPF = { $address }, which the SPF record lets send, is on { $list }
    .detail = { $list } is widely used, and many receivers refuse mail from an address on it. The domain’s own SPF record names { $address } as a place its mail is sent from; whether the mail of this ticket left there is not known. What the list says: { $meaning ->
        [hijacked_net] the whole block of addresses is in the hands of criminals.
        [spam_source] the address sends spam, or belongs to somebody who does.
        [spam_trap] mail from it arrived at spam traps, addresses that nobody ever gave to anybody.
        [reported] people reported mail from it as spam.
        [low_reputation] it sends much mail that nobody wants.
       *[other] mail from it is unwanted.
    } The list answered { $codes }{ $reason ->
        [none] .
       *[other] {" "}and gave as its reason: { $reason }
    }
    .fix = In this order:
        1. Help desk: look in the bounce or in the headers of a sent mail whether it left from { $address }, and check again with `ip:` and the address found there.
        2. Mail admin: if it did, find the account, web form or newsletter that sends unwanted mail through { $address } and stop it. If nothing of yours sends from there any more, take the address out of the SPF record.
        3. { $removal ->
            [expiry] Then wait: the entry ends by itself some time after the cause has stopped.
           *[other] Mail admin, or the provider if the address is theirs: then look the address up and ask for removal.
        } { $page ->
            [none] { $reason ->
                [none] The name of the list, in a search engine, leads to its page.
               *[other] The list’s own words above often name its page; otherwise a search engine leads there.
            }
           *[other] Page of the list: { $page } { $as_of ->
                [none] (undated in our data, so it may be outdated)
               *[other] (as of { $as_of })
            }
        }

BLOCKLISTS_INFECTED = { $meaning ->
        [botnet_controller] { $list } takes { $address } for a server that controls infected machines
       *[other] { $list } says: a machine behind { $address } is infected
    }
    .detail = { $meaning ->
        [botnet_controller] The list takes the address for a server that controls infected machines. Treat this as a security incident.
       *[other] The list saw traffic that only malware, a hijacked account or an open proxy makes. Often the mail server is fine, and another device goes out through the same address.
    } Many receivers refuse all mail from there. { $why ->
        [spf] The domain’s own SPF record names it as a place its mail is sent from.
       *[other] This blames the address itself, not the whole range.
    } The list answered { $codes }{ $reason ->
        [none] .
       *[other] {" "}and gave as its reason: { $reason }
    }
    .fix = In this order:
        1. Help desk: find out which devices go out through { $address }. In an office with one connection, that is every PC, phone and printer, and the router.
        2. Users, with the help desk: run a full malware scan with current signatures on each of them. Take an infected device off the network until it is clean or set up anew.
        3. Users: after that, from a clean device, change the passwords of the mail accounts and end their open sessions.
        4. Network admin: block port 25 outwards for all but the mail server, and look in the firewall’s log for who still tries.
        5. Mail admin, only now: ask for removal. Without the clean-up the listing comes back within hours. { $page ->
            [none] { $reason ->
                [none] The name of the list, in a search engine, leads to its page.
               *[other] The list’s own words above often name its page; otherwise a search engine leads there.
            }
           *[other] Page of the list: { $page } { $as_of ->
                [none] (undated in our data, so it may be outdated)
               *[other] (as of { $as_of })
            }
        }

BLOCKLISTS_INFECTED_ON_MX = { $meaning ->
        [botnet_controller] { $list } takes the mail host { $address } for a server that controls infected machines
       *[other] { $list } says: a machine behind the mail host { $address } is infected
    }
    .detail = { $meaning ->
        [botnet_controller] The list takes the address for a server that controls infected machines. Treat this as a security incident.
       *[other] The list saw traffic that only malware, a hijacked account or an open proxy makes. Often the mail server is fine, and another device goes out through the same address.
    } This stops your mail only if it leaves from this address, which is not known; the infection has to be looked into all the same. The list answered { $codes }{ $reason ->
        [none] .
       *[other] {" "}and gave as its reason: { $reason }
    }
    .fix = In this order:
        1. Help desk: find the sending address in the bounce or in the headers of a sent mail, and check again with `ip:` and that address. If it is another one, this listing does not stop the mail.
        2. Help desk: if the host is your provider’s, tell the provider about the listing; the rest is theirs.
        3. Mail admin: if the host is your own, find the infected machine among those that go out through { $address }, take it off the network and clean it or set it up anew.
        4. Users of that machine: after that, from a clean device, change the passwords of the mail accounts and end their open sessions.
        5. Mail admin, only now: ask for removal. Without the clean-up the listing comes back within hours. { $page ->
            [none] { $reason ->
                [none] The name of the list, in a search engine, leads to its page.
               *[other] The list’s own words above often name its page; otherwise a search engine leads there.
            }
           *[other] Page of the list: { $page } { $as_of ->
                [none] (undated in our data, so it may be outdated)
               *[other] (as of { $as_of })
            }
        }

BLOCKLISTS_INFECTED_MINOR = A smaller list takes { $address } for an infected machine
    .detail = Named by: { $lists }. Few receivers refuse mail because of it alone, but it is a hint that a device behind this address sends on behalf of a botnet.
    .fix = In this order:
        1. Help desk: find out which devices go out through { $address }, and run a full malware scan on each.
        2. Network admin: block port 25 outwards for all but the mail server.
        3. Mail admin: when all is clean, ask for removal. { $pages ->
            [none] The list has no removal page in our data; entries commonly expire.
           *[other] Page of the list: { $pages }
        }

BLOCKLISTS_LISTED_MINOR = { $address } is on smaller blocklists: { $lists }
    .detail = Some receivers use these lists, most do not. It is a hint that unwanted mail left from there, and explains a refusal only if the bounce names one of them.{ $why ->
        [mail_host] {" "}The address is that of a mail host; mail may leave from another one.
        [spf] {" "}The domain’s own SPF record names it as a place its mail is sent from.
       *[other] {""}
    }
    .fix = In this order:
        1. Help desk: see whether the bounce names one of these lists. If it does not, look at the other findings first.
        2. Mail admin: look for an account, web form or newsletter that sends unwanted mail, and stop it.
        3. Mail admin: then ask for removal, or wait until the entry expires. Do not pay for removal. { $pages ->
            [none] The lists have no removal page in our data.
           *[other] Pages of the lists: { $pages }
        }

BLOCKLISTS_POLICY_SENDING = { $address } is in a range that should not send mail directly
    .detail = This blames nobody: { $lists } holds ranges of home and office connections, which should send through their provider’s server. Receivers refuse mail that comes from there directly.
    .fix = In this order:
        1. User or help desk: set the mail program or device to the provider’s outgoing server, with login, on port 587 or 465. Then the listing does not matter, and nothing needs to be removed.
        2. Mail admin: only if { $address } is a fixed address of a mail server of your own, give it proper reverse DNS and then take it off the list. { $pages ->
            [none] {""}
           *[other] Page of the list: { $pages }
        }

BLOCKLISTS_POLICY = { $address } is in a range that should not send mail directly
    .detail = This blames nobody: { $lists } holds ranges of home and office connections, which should send through their provider’s server. It is normal, and matters only if a server sends mail directly from this address.
    .fix = Mail admin: if mail is sent directly from { $address }, send through the provider’s server on port 587 or 465 instead. Otherwise nothing needs to be done.{ $pages ->
        [none] {""}
       *[other] {" "}Page of the list: { $pages }
    }

BLOCKLISTS_NOTED = { $address } is on lists that hardly anybody refuses mail by
    .detail = Named by: { $lists }. Such lists name whole ranges or providers, or are little used. It matters only if a bounce names one of them, and then only the provider can act.

BLOCKLISTS_DOMAIN_LISTED = { $domain } is on { $list }: mail that names it is refused
    .detail = { $list } is widely used. Receivers refuse or junk mail with this domain in the sender address or in a link, whoever sends it. What the list says: { $meaning ->
        [phishing] the domain is used for phishing.
        [malware] the domain spreads malware.
        [botnet_controller] the domain controls infected machines.
        [low_reputation] the domain is new or has a bad reputation.
       *[other] the domain appears in spam.
    } The list answered { $codes }{ $reason ->
        [none] .
       *[other] {" "}and gave as its reason: { $reason }
    }
    .fix = In this order:
        1. Mail admin: find out who sends mail or newsletters with { $domain } in it, partners and agencies included, and stop what nobody asked for.
        2. Web admin: look for pages on the web site that are not yours.
        3. Owner of the domain: then ask the list for removal. { $page ->
            [none] { $reason ->
                [none] The name of the list, in a search engine, leads to its page.
               *[other] The list’s own words above often name its page; otherwise a search engine leads there.
            }
           *[other] Page of the list: { $page } { $as_of ->
                [none] (undated in our data, so it may be outdated)
               *[other] (as of { $as_of })
            }
        }

BLOCKLISTS_DOMAIN_HACKED = { $list } says: the web site of { $domain } was broken into
    .detail = The list takes { $domain } for a good domain that others misuse: a hacked web site, mail form or redirect page. Receivers refuse or junk mail with this domain in the sender address or in a link. The list answered { $codes }{ $reason ->
        [none] .
       *[other] {" "}and gave as its reason: { $reason }
    }
    .fix = In this order:
        1. Web admin: look for pages, scripts and forms on { $domain } that are not yours, remove them, update the software and change the passwords of its administrators.
        2. Owner of the domain: then ask the list for removal. { $page ->
            [none] { $reason ->
                [none] The name of the list, in a search engine, leads to its page.
               *[other] The list’s own words above often name its page; otherwise a search engine leads there.
            }
           *[other] Page of the list: { $page } { $as_of ->
                [none] (undated in our data, so it may be outdated)
               *[other] (as of { $as_of })
            }
        }

BLOCKLISTS_DOMAIN_LISTED_MINOR = { $domain } is on smaller domain blocklists: { $lists }
    .detail = Some receivers junk or refuse mail with this domain in the sender address or in a link.
    .fix = Mail admin: find out who sends unwanted mail with { $domain } in it and stop it, then ask for removal. { $pages ->
        [none] The lists have no removal page in our data.
       *[other] Pages of the lists: { $pages }
    }

BLOCKLISTS_DOMAIN_NOTED = { $domain } is on lists that hardly anybody refuses mail by
    .detail = Named by: { $lists }. They note, for example, that the domain sends mail in bulk. Nothing needs to be done.

BLOCKLISTS_REFUSED = These blocklists do not answer Mailcheck: { $lists }
    .detail = They sent a refusal, which is not a listing. Usually Mailcheck asks through a public DNS resolver, or one that asks too much. Whether the address or domain is listed there is open.
    .fix = Whoever runs the bot: let Mailcheck use a recursive resolver of your own (`MAILCHECK_DNS_SERVERS`). Help desk: until then, look the address up on the web page of the list.

BLOCKLISTS_ODD_ANSWER = Not a valid answer from these blocklists: { $lists }
    .detail = The answer was { $answers }, which is none of the list’s documented answers. It comes from something in between that rewrites DNS answers, or the list has changed. It is not a listing.
    .fix = Whoever runs the bot: let Mailcheck use a recursive resolver of your own (`MAILCHECK_DNS_SERVERS`), and see whether our data about the list is current.

BLOCKLISTS_LIST_UNUSABLE = These blocklists cannot be checked from here: { $lists }
    .detail = Every list has a test entry that must be listed and one that must not. Here one of them came out wrong: the list is dead, lists everybody, or cannot be heard through this resolver. So its answer means nothing, neither “listed” nor “not listed”.
    .fix = Whoever runs the bot: let Mailcheck use a recursive resolver of your own (`MAILCHECK_DNS_SERVERS`). If the list stays in this state, take it out of the data.

BLOCKLISTS_NO_ANSWER = No answer from these blocklists: { $lists }
    .detail = Reason: { $reason }. Whether the address or domain is listed there is open; the other lists are not affected.
    .fix = Help desk: run the check again in a few minutes.

BLOCKLISTS_PRIVATE_ADDRESS = { $address } is a private address, which no blocklist knows
    .detail = Receivers never see this address: the router or the mail server replaces it by a public one.
    .fix = Help desk: find the public sending address in the bounce or in the headers of a sent mail, and check again with `ip:` and that address.

BLOCKLISTS_ADDRESS_UNKNOWN = Blocklists could not be asked about the mail hosts
    .detail = { $hosts ->
        [none] The mail hosts of the domain could not be told.
       *[other] The address could not be told of { $hosts }.
    }
    .fix = Help desk: look at “Mail hosts (MX)” first. With `ip:` and the sending address, the blocklists are asked without the mail hosts.

BLOCKLISTS_NO_LIST = No blocklist takes { $addresses }
    .detail = None of the lists in our data can be asked about addresses of this kind.
    .fix = Help desk: look at the bounce. If a receiver refuses because of a list, it names the list there.

BLOCKLISTS_NOT_ALL_ADDRESSES = Not all mail hosts were looked up in blocklists
    .detail = Blocklists ask not to be flooded, so only the first few addresses are looked up. Left out: { $hosts ->
        [none] {""}
       *[other] the hosts { $hosts }
    }{ $addresses ->
        [none] {""}
       *[other] {" "}the addresses { $addresses }
    }
    .fix = Help desk: to check one of them, run the check with that address.

BLOCKLISTS_NO_ADDRESS = No address to look up in blocklists
    .detail = The ticket names no sending address, and the domain has no mail host with a public one.
    .fix = Help desk: find the sending address in the bounce or in the headers of a sent mail, and check again with `ip:` and that address.

# What a receiver does with mail from the sending address.

SPF_PASS = { $sender_ip } may send mail for { $domain }
    .detail = The SPF record lists this address: it is matched by { $term }{ $through ->
        [none] .
       *[other] , and in there by { $through }.
    } Receivers see an SPF pass.

SPF_FAIL = { $sender_ip } may not send mail for { $domain }, and receivers are told to refuse it
    .detail = Nothing in the SPF record lists this address, so it meets { $term }, which asks receivers to refuse the mail. Many do. { $explanation ->
        [none] {""}
       *[other] The domain’s own words about it: { $explanation }.
    }
    .fix = Help desk: first make sure that { $sender_ip } is the address that connected to the recipient’s server, and not that of the user’s own PC: it stands in the Received line that their server added, or in the bounce. Then find out whose server it is. If it is yours or your mail service’s, the DNS admin adds it to the SPF record before the `all`: the `include:` of the service, or `ip4:` or `ip6:` with the address for a server of your own. Never add the address of a home or office line. If nobody knows the server, the mail was not sent through your mail system; leave the record as it is.

SPF_SOFTFAIL = { $sender_ip } is not listed in the SPF record of { $domain } (softfail)
    .detail = Nothing in the record lists this address, so it meets { $term }: “probably not one of our servers”. Few receivers refuse mail for that alone, but it often ends up in the junk folder. It does not pass DMARC by SPF: where the domain’s DMARC policy is `quarantine` or `reject`, such mail is junked or refused unless a DKIM signature of the domain passes.
    .fix = Help desk: first make sure that { $sender_ip } is the address that connected to the recipient’s server, and not that of the user’s own PC: it stands in the Received line that their server added, or in the bounce. Then find out whose server it is. If it is yours or your mail service’s, the DNS admin adds it to the SPF record before the `all`. Never add the address of a home or office line. If nobody knows the server, leave the record as it is.

SPF_NEUTRAL = The SPF record of { $domain } says nothing about { $sender_ip }
    .detail = { $term ->
        [none] No term of the record matches this address, and the record does not say what then.
       *[other] The address meets { $term }, which says neither yes nor no.
    } Receivers treat the mail as if there were no SPF at all, so it does not pass DMARC by SPF.
    .fix = DNS admin: if { $sender_ip } sends for the domain, add it or its mail service to the record, and end the record in `~all` or `-all`.

SPF_PERMERROR = Receivers cannot use the SPF record of { $domain } for mail from { $sender_ip }
    .detail = The evaluation ends with an error (permerror) in the record of { $holder }{ $term ->
        [none] .
       *[other] , at { $term }.
    } The mail counts as not authenticated, and some receivers refuse it.
    .fix = DNS admin: correct what the other findings of this step name, then check again.

SPF_TEMPERROR = Could not tell whether { $sender_ip } may send for { $domain }
    .detail = A DNS question on the way was not answered{ $term ->
        [none] {""}
       *[other] {" "}(at { $term })
    }: { $reason }. That is no fault of the record. A receiver who meets the same may delay the mail, or take it as unauthenticated (temperror).
    .fix = Help desk: check again in a few minutes. If it stays so, have the DNS admin look at the name servers in question.

SPF_PRIVATE_SENDER = { $sender_ip } is not the address that receivers see, so SPF was not evaluated for it
    .detail = This address only exists inside a network. On the way out it is replaced by a public one, and by that one receivers judge mail from { $domain }.
    .fix = Help desk: find the public sending address in the bounce, or in the Received line that the recipient’s server added, and run the check again with `ip:` and that address.

SPF_RESULT_DEPENDS = Whether { $sender_ip } may send for { $domain } depends on the message
    .detail = The term { $term } asks for a part of the sender’s address or for the name the server greets with, and the ticket does not say it.
    .fix = Help desk: check again with `from:` and the full sender address. If it stays so, look for `spf=` in the headers of a delivered message.

# The record.

SPF_FOUND = { $domain } has an SPF record that receivers can use
    .detail = { $record } costs receivers { $lookups } of the { $limit } DNS lookups allowed. Servers that are not listed meet { $policy ->
        [none] no `all`, so the record says nothing about them
        [fail] `-all`: receivers are asked to refuse them
        [softfail] `~all`: receivers are asked to be suspicious
        [neutral] `?all`: the record says nothing about them
       *[other] `+all`: everybody passes
    }. { $sender_ip ->
        [none] To learn whether a certain server may send, add `ip:` and its address.
       *[other] {""}
    }

SPF_NONE = { $domain } has no SPF record
    .detail = Nothing tells receivers which servers may send for the domain. Large providers junk or refuse mail that neither SPF nor DKIM vouches for.
    .fix = DNS admin: publish one TXT record at the domain itself that begins with `v=spf1`, lists every service that sends for it and ends in `~all`. The mail service’s setup page gives the exact text.

SPF_MISPLACED = The SPF record of { $domain } is in the wrong place
    .detail = { $record } was found at { $found_at }. Receivers look at { $domain } itself, so it is as if there were no record.
    .fix = DNS admin: publish the record at { $domain } itself. Many DNS panels add the domain by themselves: there the name to enter is `@`, or nothing at all.
    .paste = { $domain }. IN TXT "{ $record }"

SPF_DOMAIN_NXDOMAIN = The sender’s domain { $domain } does not exist
    .detail = Receivers cannot answer or check mail from a domain that DNS does not know, and most refuse it.
    .fix = Help desk: check the sender address in the mail program for a typo. If it is right, the domain has expired or its DNS is gone: tell its DNS admin.

SPF_MULTIPLE_RECORDS = { $domain } has more than one SPF record
    .detail = Only one is allowed. With several, receivers use none of them and treat the mail as not authenticated (permerror). Found: { $records }.
    .fix = DNS admin: keep one record that holds the terms of all, and delete the others. { $obstacle ->
        [none] The record below joins them.
        [too_long] Joined as they are, they would be longer than a record should be: decide which terms are still needed.
       *[other] What is to be kept of each has to be decided by hand.
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_NOT_RECOGNIZED = { $domain } has a text that was meant as SPF, but receivers do not see it
    .detail = An SPF record begins with exactly `v=spf1` and a space. In { $text } { $flaw ->
        [leading_space] a space stands before it
        [quoted] quotation marks or a backslash have become part of the text
        [hidden_character] there is a character that cannot be seen, or a letter that only looks right
        [wrong_version] the version is another one
        [version_not_ended] no space follows it
        [space_in_version] a space stands inside the version
        [no_version] the version is missing
       *[other] something else stands before it
    }. To receivers, the domain has no SPF record.
    .fix = DNS admin: { $proposal ->
        [none] write the record again so that it begins with `v=spf1` and a space. Type it by hand if it was pasted from a formatted document.
       *[other] replace the text with the record below.
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_LOOKALIKE = Beside its SPF record, { $domain } has a text that looks like one
    .detail = Receivers ignore { $text }, because it does not begin with exactly `v=spf1` and a space. Servers that are listed only there may not send.
    .fix = DNS admin: move what is still needed into the real record, and delete this text.

SPF_SENDER_ID = { $domain } has a Sender ID record
    .detail = { $text } belongs to a protocol that nobody uses any more. SPF ignores it.
    .fix = DNS admin: delete it when convenient.

SPF_STRINGS_RUN_TOGETHER = In the SPF record of { $domain } a space is missing where two strings meet
    .detail = Long TXT records are stored in several strings, and receivers join them without a space. Here two terms have become one, so the record does not say what was meant.
    .fix = DNS admin: replace the record with the one below. Where it has to be split, keep a space at the end of the first part.
    .paste = { $domain }. IN TXT "{ $proposal }"

# Syntax errors: a permerror for everybody.

SPF_SYNTAX_ERROR = The SPF record of { $domain } has a syntax error
    .detail = At character { $position }, { $fault ->
        [not_ascii] { $part } in { $term } is not a plain ASCII character. Typographic quotes, no-break spaces and names with umlauts come in by pasting
        [control_character] { $part } in { $term } is a tab, a line end or another control character; only spaces may stand between terms
        [argument_not_allowed] { $part } in { $term } is too much: `all` stands alone
        [too_long] the record is longer than Mailcheck reads
       *[other] { $term } is neither a mechanism nor a modifier
    }. One error anywhere makes receivers drop the whole record (permerror), and no mail passes SPF.
    .fix = DNS admin: { $proposal ->
        [none] correct the term, or delete it if it is not needed.
       *[other] replace the record with the one below.
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_UNKNOWN_MECHANISM = The SPF record of { $domain } holds { $term }, which does not exist
    .detail = At character { $position }, { $part } is not a mechanism of SPF, { $fault ->
       *[other] most likely a misspelling
    }. Receivers then drop the whole record (permerror), and no mail passes SPF.
    .fix = DNS admin: { $proposal ->
        [none] correct or delete the term. The mechanisms are `include:`, `a`, `mx`, `ip4:`, `ip6:`, `exists:`, `ptr` and `all`.
       *[other] replace the record with the one below.
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_BAD_DOMAIN = In the SPF record of { $domain }, { $term } does not name a proper domain
    .detail = At character { $position }, { $fault ->
        [single_label] { $part } is a name without a dot
        [numeric_top_label] the name ends in the number { $part }
        [port] { $part } looks like a port, and none may stand there
        [ip_for_domain] { $part } is an IP address; addresses belong behind `ip4:` or `ip6:`
       *[other] the end of the name, { $part }, cannot be the end of a domain
    }. Receivers then drop the whole record (permerror), and no mail passes SPF.
    .fix = DNS admin: { $proposal ->
        [none] write the full domain name, as in `include:_spf.example.com`, or delete the term.
       *[other] replace the record with the one below.
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_BAD_ADDRESS = In the SPF record of { $domain }, { $term } does not hold a proper address
    .detail = At character { $position }, { $fault ->
        [domain_for_ip] { $part } is a host name; those belong behind `a:`
        [wrong_family] { $part } belongs to the other kind: `ip4:` takes IPv4 addresses and `ip6:` takes IPv6 addresses
        [short_address] { $part } is only a part of an IPv4 address; write all four numbers
        [leading_zero] { $part } has a number with a leading zero
        [port] { $part } looks like a port, and none may stand there
       *[other] { $part } is not an IP address
    }. Receivers then drop the whole record (permerror), and no mail passes SPF.
    .fix = DNS admin: { $proposal ->
        [none] correct the address, as in `ip4:192.0.2.25` or `ip4:192.0.2.0/24`, or delete the term.
       *[other] replace the record with the one below.
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_BAD_PREFIX_LENGTH = In the SPF record of { $domain }, the prefix length in { $term } is wrong
    .detail = At character { $position }, { $fault ->
        [cidr_out_of_range] { $part } is too large: at most `/32` for IPv4 and `/128` for IPv6
        [cidr_leading_zero] { $part } begins with a zero
        [cidr_not_allowed] { $part } may not stand in this kind of term
       *[other] { $part } is not a prefix length
    }. Receivers then drop the whole record (permerror), and no mail passes SPF.
    .fix = DNS admin: { $proposal ->
        [none] correct the prefix length; leave it out for a single address.
       *[other] replace the record with the one below.
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_MISSING_VALUE = In the SPF record of { $domain }, { $term } lacks its value
    .detail = At character { $position }, nothing follows { $part }{ $fault ->
       *[other] {""}
    }. Often a space has slipped in. Receivers then drop the whole record (permerror), and no mail passes SPF.
    .fix = DNS admin: { $proposal ->
        [none] complete the term, without a space in it, or delete it.
       *[other] replace the record with the one below.
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_REPEATED_MODIFIER = The SPF record of { $domain } has { $part } twice
    .detail = { $term }, at character { $position }, is the second one, and { $fault ->
       *[other] only one is allowed
    }. Receivers then drop the whole record (permerror), and no mail passes SPF.
    .fix = DNS admin: { $proposal ->
        [none] keep one of the two.
       *[other] replace the record with the one below.
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_BAD_MACRO = In the SPF record of { $domain }, the macro in { $term } is wrong
    .detail = At character { $position }, { $fault ->
        [unknown_macro_letter] { $part } uses a letter that stands for nothing
        [macro_only_in_exp] { $part } may be used only in the text of an explanation
        [zero_parts] { $part } asks for no part at all
       *[other] { $part } does not begin a macro; a percent sign is written `%%`
    }. Receivers then drop the whole record (permerror), and no mail passes SPF.
    .fix = DNS admin: { $proposal ->
        [none] copy the term again from the setup page of the mail service.
       *[other] replace the record with the one below.
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

# What the record leads to.

SPF_TOO_MANY_LOOKUPS = The SPF record of { $domain } needs { $lookups } DNS lookups; { $limit } are allowed
    .detail = Receivers stop at { $term } in the record of { $holder } and treat the mail as not authenticated (permerror), unless the sender was matched before. The costliest terms, with their lookups: { $heaviest }. { $evaluated ->
        [none] {""}
        [one] The sender of this ticket needs 1 of them.
       *[other] The sender of this ticket needs { $evaluated } of them.
    }
    .fix = DNS admin: delete the includes of services that are no longer used, then those of services whose Return-Path is their own domain: receivers never check those against this record. Move a service to a subdomain if too many are left. The whole tree is below, each term with its lookups.
    .figure = { $tree }

SPF_TOO_MANY_LOOKUPS_FOR_SOME = The SPF record of { $domain } needs { $lookups } DNS lookups, { $limit } are allowed; this sender passes, others may not
    .detail = Receivers stop at { $term } in the record of { $holder }. The sender of this ticket is matched before, after { $evaluated ->
        [one] 1 lookup
       *[other] { $evaluated } lookups
    }, so this is not what holds up its mail. Mail from servers that are listed further on counts as not authenticated (permerror). The costliest terms, with their lookups: { $heaviest }.
    .fix = DNS admin: delete the includes of services that are no longer used, then those of services whose Return-Path is their own domain: receivers never check those against this record. Move a service to a subdomain if too many are left. The whole tree is below, each term with its lookups.
    .figure = { $tree }

SPF_TOO_MANY_MX_NAMES = { $term } in the SPF record of { $holder } leads to { $names } mail hosts; { $limit } are allowed
    .detail = Receivers end the evaluation there with an error (permerror), unless the sender was matched before.
    .fix = DNS admin: replace the term by `ip4:` or `ip6:` terms for the hosts that really send.

SPF_TOO_MANY_VOID_LOOKUPS = { $void_lookups } terms in the SPF record of { $domain } find nothing; { $limit } are allowed
    .detail = { $terms } lead to names that do not exist or have no address. Receivers that keep this limit drop the record (permerror); others do not, so mail fails at some and passes at others.
    .fix = DNS admin: correct these terms or delete them.

SPF_VOID_LOOKUP = { $terms ->
        [one] A term
       *[other] Some terms
    } in the SPF record of { $domain } find nothing
    .detail = { $terms } lead to names that do not exist or have no address. That authorises nobody and costs receivers time; with a third one, some drop the whole record.
    .fix = DNS admin: correct or delete the terms named here.

SPF_INCLUDE_NONE = { $term } in the SPF record of { $holder } leads to a domain without SPF
    .detail = { $exists ->
        [no] The name { $target } does not exist.
       *[other] { $target } exists, but has no SPF record.
    } Receivers that get to this term drop the whole record (permerror), and the mail counts as not authenticated.
    .fix = DNS admin: correct the name, or delete the term if the service is no longer used. Where { $holder } is not yours, tell whoever runs it.

SPF_REDIRECT_NONE = { $term } in the SPF record of { $holder } leads to a domain without SPF
    .detail = { $target } has no SPF record, so receivers have nothing to go by and end with an error (permerror).
    .fix = DNS admin: correct the name, or replace the term by the terms that are meant and `~all`.

SPF_INCLUDE_MULTIPLE_RECORDS = { $target } has more than one SPF record, and the record of { $holder } builds on it
    .detail = Receivers that get to { $term } drop the whole record (permerror), and the mail counts as not authenticated.
    .fix = DNS admin: if { $target } is yours, join its records into one. Otherwise tell the service that it belongs to, and leave the term out until they have.

SPF_INCLUDE_SYNTAX_ERROR = The SPF record of { $target } has a syntax error, and the record of { $holder } builds on it
    .detail = The error is at character { $position } of that record: { $wrong }. Receivers that get to { $term } drop the whole record (permerror).
    .fix = DNS admin: if { $target } is yours, correct its record. Otherwise tell the service that it belongs to, and leave the term out until they have.

SPF_LOOP = The SPF record of { $holder } leads back to itself
    .detail = { $term } leads to { $target }, where the evaluation has been already. Receivers go round until the limit of lookups and end with an error (permerror).
    .fix = DNS admin: delete this term.

SPF_INCLUDE_UNKNOWN = Could not read the SPF record of { $target }
    .detail = The record of { $holder } builds on it by { $term }, but the question was not answered: { $reason }. It may well be in order. A receiver who meets the same may delay the mail, or take it as unauthenticated (temperror).
    .fix = Help desk: check again in a few minutes. If it stays so, tell whoever runs { $target }.

SPF_LOOKUP_UNKNOWN = Could not tell what { $terms } in the SPF record of { $domain } lead to
    .detail = The DNS questions were not answered: { $reason }. That is no fault of the record.
    .fix = Help desk: check again in a few minutes.

SPF_TREE_CUT = Not everything that the SPF record of { $domain } leads to was looked at
    .detail = After { $asked } DNS questions Mailcheck stopped asking. Left out: { $left_out }. Receivers stop much earlier.
    .fix = DNS admin: shorten the record; then it can be checked as a whole.

# Is it what was meant?

SPF_MECHANISM_AS_MODIFIER = In the SPF record of { $domain }, { $term } is written with “=” instead of “:”
    .detail = Receivers take it for an unknown modifier and ignore it. The servers it was meant to list may not send.
    .fix = DNS admin: { $proposal ->
        [none] write the term with a colon.
       *[other] replace the record with the one below.
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_TWO_RECORDS_IN_ONE = The SPF record of { $domain } holds `v=spf1` twice
    .detail = Two records were put into one. Receivers read on up to the first `all` and test nothing behind it.
    .fix = DNS admin: keep `v=spf1` at the start only, then all terms that are needed, then one `all` at the end.

SPF_GLUED_TERMS = In the SPF record of { $domain }, a space is missing in { $term }
    .detail = Receivers read it as one term and look for a name that was never meant.
    .fix = DNS admin: { $proposal ->
        [none] put a space between the two terms.
       *[other] replace the record with the one below.
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_TERMS_AFTER_ALL = In the SPF record of { $domain }, terms stand behind `all`
    .detail = `all` matches every sender, so receivers never get to { $terms }. The servers listed there may not send.
    .fix = DNS admin: { $proposal ->
        [none] move `all` to the end, or delete the terms behind it.
       *[other] replace the record with the one below, which has `all` at the end.
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_REDIRECT_IGNORED = In the SPF record of { $domain }, { $term } has no effect
    .detail = Receivers ignore a redirect in a record that has an `all`.
    .fix = DNS admin: delete the redirect, or delete the `all` if the other record is meant to decide.

SPF_UNKNOWN_MODIFIER = Receivers ignore { $term } in the SPF record of { $domain }
    .detail = It is not a part of SPF that anybody knows. It does no harm.
    .fix = DNS admin: delete it, unless a service asks for it.

SPF_ODD_NAME = { $term } in the SPF record of { $domain } names something that DNS can hardly be asked for
    .detail = The name holds an empty or too long part, or characters that host names do not have. Most likely the term matches nobody.
    .fix = DNS admin: correct the name.

SPF_PTR_USED = The SPF record of { $domain } uses { $term }
    .detail = It is slow and unreliable, and the standard says not to publish it. Some receivers skip it, so servers that only it matches may fail there.
    .fix = DNS admin: replace it by `ip4:`, `ip6:` or `a:` terms for the servers that are meant.

SPF_DEPENDS_ON_MESSAGE = A part of the SPF record of { $domain } depends on the message
    .detail = { $terms } hold macros that stand for the sender or the sending server. That is allowed. Mailcheck counted these terms but could not look at what they lead to.
    .fix = Help desk: check again with `ip:` and `from:` to have them followed.

SPF_ALLOWS_EVERYONE = { $term } in the SPF record of { $holder } lets everybody send
    .detail = Every server of the internet passes, spammers too. Receivers know such records and trust the domain less for it.
    .fix = DNS admin: list the servers that really send and end the record in `~all`. Where { $holder } is not yours, tell the service that it belongs to.

SPF_AUTHORIZES_NOBODY = The SPF record of { $domain } says that it sends no mail
    .detail = { $record } lists no server. That is right for a domain without mail; mail sent from it all the same is refused or junked.
    .fix = DNS admin: if people do send from this domain, list their mail service before the `all`. Otherwise leave the record as it is.

SPF_NOBODY_MAY_SEND = The SPF record of { $domain } lets nobody send
    .detail = { $record } lists no server: it says that the domain sends no mail. Mail sent from it all the same is junked or refused by many receivers.
    .fix = DNS admin: if people are meant to send from this domain, list their mail service before the `all`. If not, leave the record as it is; the sender then needs an address of another domain.

SPF_NO_MAIL_DECLARED = The SPF record of { $domain } says that it sends no mail, as its null MX says that it takes none
    .detail = { $record } lists no server, and the null MX turns all mail away. Together they protect a domain that is not used for mail.

SPF_POLICY_NEUTRAL = The SPF record of { $domain } says nothing about other servers (`?all`)
    .detail = Mail from servers that are not listed counts as unknown. Forged mail is not held back by it.
    .fix = DNS admin: change `?all` to `~all` once all sending services are listed.

SPF_NO_ALL = The SPF record of { $domain } does not end in `all`
    .detail = Without `all`, mail from servers that are not listed counts as unknown (neutral). Forged mail is not held back by it.
    .fix = DNS admin: add `~all` at the end.

SPF_INCLUDE_CARRIES_NO_POLICY = Including a strict record does not make that of { $domain } strict
    .detail = { $terms } end in `-all` or `~all`, but an include only takes over who may send, not what happens to the others. That is said by the end of the including record alone.
    .fix = DNS admin: end the record in `~all` or `-all` itself.

SPF_WIDE_RANGE = The SPF record of { $domain } allows very large networks
    .detail = { $terms } cover more addresses than one organisation has. Strangers in there pass SPF too.
    .fix = DNS admin: narrow them down to the addresses that really send.

SPF_LONG_RECORD = The SPF record of { $domain } is { $size } long
    .detail = The standard advises to stay below about { $advised }. Longer answers do not get through some old DNS servers and firewalls, and the record then fails at times.
    .fix = DNS admin: delete what is no longer needed, or move a part into a record of its own and include that.

SPF_LARGE_ANSWER = The TXT records of { $domain } are { $size } together
    .detail = That does not fit into one UDP packet, so receivers have to ask again over TCP. Where a firewall blocks that, SPF fails at times.
    .fix = DNS admin: delete verification records that are no longer needed, and make sure that the name servers answer over TCP port 53.

SPF_UNKNOWN = Could not read the SPF record of { $domain }
    .detail = The question was not answered: { $reason }. There may be a record all the same.
    .fix = Help desk: check again in a few minutes. If it stays so, have the DNS admin look at the name servers; receivers who meet the same may delay the mail, or take it as unauthenticated.

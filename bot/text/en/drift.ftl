DRIFT_NONE = Mail of { $domain } arrives at { $providers }, and its SPF record lets that service send
    .detail = MX and SPF records fit together as far as Mailcheck recognises the services in them.

DRIFT_NOT_COMPARABLE = Nothing to compare between MX and SPF records of { $domain }
    .detail = { $hosts ->
        [none] The domain names no mail host.
       *[other] The domain has no SPF record, or its mail hosts are its own and of no mail service: { $hosts }.
    }

DRIFT_UNKNOWN = Could not tell whether MX and SPF records of { $domain } fit together
    .detail = Mail arrives at { $hosts }. Mailcheck does not know by which SPF entry mail would leave from there, or the SPF record lists addresses, or leads to a record that could not be read, and the right ones may be among them.
    .fix = Help desk: ask whoever runs { $hosts } which entry belongs into the SPF record. DNS admin: see that it is there.

DRIFT_SPF_OF_OTHER_PROVIDER = Mail of { $domain } arrives at { $provider }, but its SPF record lets { $others } send instead
    .detail = A move that was left half done looks like this. Mail that people send through { $provider } fails SPF at receivers and may go to junk or be refused.
    .fix = DNS admin: if mail is sent through { $provider }, put this into the SPF record, before the `all` at its end, and delete the entry of { $others } once nobody sends through it any more. Set up DKIM at { $provider } at the same time.
    .paste = include:{ $include }

DRIFT_SPF_LACKS_PROVIDER = Mail of { $domain } arrives at { $provider }, but its SPF record does not name it
    .detail = If people also send through { $provider }, that mail fails SPF. If they send through another service only, all is well.
    .fix = DNS admin: if mail is sent through { $provider }, put this into the SPF record, before the `all` at its end.
    .paste = include:{ $include }

DRIFT_SPF_LACKS_GATEWAY = Mail of { $domain } arrives through { $provider }, but its SPF record does not name it
    .detail = Many companies let mail leave through the same filter by which it arrives. If that is so here, receivers see the addresses of { $provider }, and SPF fails.
    .fix = Mail admin: see whether outgoing mail passes the filter. If so, DNS admin: put this into the SPF record, before the `all` at its end.
    .paste = include:{ $include }

DRIFT_SPF_LEFTOVER = The SPF record of { $domain } also lets { $others } send
    .detail = Mail arrives at { $provider }. If the other service is no longer used, its entry is left over: other customers there may be able to send mail that passes SPF for { $domain }, and it costs DNS lookups, of which 10 are allowed.
    .fix = DNS admin: delete the entry once nobody sends through { $others } any more.

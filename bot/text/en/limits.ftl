# Sending limits: how much a provider lets its users send.

LIMITS_EXCEEDED = { $sent } { $per ->
        [minute] a minute
        [hour] an hour
       *[other] a day
    } is more than { $provider } allows: { $limit } { $what ->
        [external_messages] messages to external addresses
        [internal_messages] internal messages
        [forwarded_messages] automatically forwarded messages
        [recipients] recipients
        [external_recipients] external recipients
        [internal_recipients] internal recipients
        [unique_recipients] different recipients
        [new_recipients] recipients never written to before
       *[other] messages
    } { $limit_per ->
        [message] in one message
        [second] a second
        [minute] a minute
        [quarter_hour] in 15 minutes
        [hour] an hour
       *[other] a day
    }
    .detail = No plan that we know has room for it; the most generous number is this one{ $plan ->
        [all] {""}
        [paid] {" "}on paid plans
        [free] {" "}on free accounts
        [trial] {" "}on trial accounts{ $plan_name ->
            [none] {""}
           *[other] {" "}({ $plan_name })
        }
        [personal] {" "}on personal accounts
        [old_product] {" "}in { $plan_name }, which is no longer sold
        [account_age] {" "}on accounts { $plan_name } days old
        [own_domain] {" "}with a domain of one’s own
        [default] {" "}unless an administrator raises it
        [maximum] {" "}if an administrator allows the most
        [smtp] {" "}for mail handed in by a program (SMTP)
        [web] {" "}for mail written in the browser
        [php_mail] {" "}for mail that a web site sends without a login
       *[other] {" "}on { $plan_name }
    }. Providers commonly refuse to send for some hours then, and it works again by itself. Source: { $page }, { $as_of ->
        [none] undated
       *[other] as of { $as_of }
    }{ $outdated ->
        [yes] , so it may be outdated.
       *[other] .
    }
    .fix = In this order:
        1. User: stop sending for now. Every further try may make the block longer.
        2. Help desk: find out when the block ends. { $rolling ->
            [yes] The time counts from each message, not from midnight: what was sent is free again that long after it was sent.
           *[other] The count starts again when the time is over; many providers then still block for up to 24 hours.
        }
        3. User: spread the mail over more time, and send to several people at once only where they have to see each other.
        4. Mail admin: hand newsletters and the mail of programs to a bulk service or to the provider’s relay, and ask the provider to raise the limit if it must be this account.
        5. Help desk: if the user did not send that much, somebody else may have: change the password, end all sessions, and treat it as a security incident.

LIMITS_PROBABLY_EXCEEDED = { $sent } { $per ->
        [minute] a minute
        [hour] an hour
       *[other] a day
    } is probably more than { $provider } allows: { $limit } { $what ->
        [external_messages] messages to external addresses
        [internal_messages] internal messages
        [forwarded_messages] automatically forwarded messages
        [recipients] recipients
        [external_recipients] external recipients
        [internal_recipients] internal recipients
        [unique_recipients] different recipients
        [new_recipients] recipients never written to before
       *[other] messages
    } { $limit_per ->
        [message] in one message
        [second] a second
        [minute] a minute
        [quarter_hour] in 15 minutes
        [hour] an hour
       *[other] a day
    }
    .detail = No plan that we know has room for it; the most generous number is this one{ $plan ->
        [all] {""}
        [paid] {" "}on paid plans
        [free] {" "}on free accounts
        [trial] {" "}on trial accounts{ $plan_name ->
            [none] {""}
           *[other] {" "}({ $plan_name })
        }
        [personal] {" "}on personal accounts
        [old_product] {" "}in { $plan_name }, which is no longer sold
        [account_age] {" "}on accounts { $plan_name } days old
        [own_domain] {" "}with a domain of one’s own
        [default] {" "}unless an administrator raises it
        [maximum] {" "}if an administrator allows the most
        [smtp] {" "}for mail handed in by a program (SMTP)
        [web] {" "}for mail written in the browser
        [php_mail] {" "}for mail that a web site sends without a login
       *[other] {" "}on { $plan_name }
    }. The number is not from a current page of the provider, or the provider calls it a rough guide, so it is no proof. Source: { $page }, { $as_of ->
        [none] undated
       *[other] as of { $as_of }
    }{ $outdated ->
        [yes] , so it may be outdated.
       *[other] .
    }
    .fix = In this order:
        1. User: stop sending for now. Every further try may make the block longer.
        2. Help desk: find out when the block ends. { $rolling ->
            [yes] The time counts from each message, not from midnight: what was sent is free again that long after it was sent.
           *[other] The count starts again when the time is over; many providers then still block for up to 24 hours.
        }
        3. User: spread the mail over more time, and send to several people at once only where they have to see each other.
        4. Mail admin: hand newsletters and the mail of programs to a bulk service or to the provider’s relay, and ask the provider to raise the limit if it must be this account.
        5. Help desk: if the user did not send that much, somebody else may have: change the password, end all sessions, and treat it as a security incident.

LIMITS_EXCEEDED_ON_PLAN = { $sent } { $per ->
        [minute] a minute
        [hour] an hour
       *[other] a day
    } is too much for { $provider }{ $plan ->
        [all] {""}
        [paid] {" "}on paid plans
        [free] {" "}on free accounts
        [trial] {" "}on trial accounts{ $plan_name ->
            [none] {""}
           *[other] {" "}({ $plan_name })
        }
        [personal] {" "}on personal accounts
        [old_product] {" "}in { $plan_name }, which is no longer sold
        [account_age] {" "}on accounts { $plan_name } days old
        [own_domain] {" "}with a domain of one’s own
        [default] {" "}unless an administrator raises it
        [maximum] {" "}if an administrator allows the most
        [smtp] {" "}for mail handed in by a program (SMTP)
        [web] {" "}for mail written in the browser
        [php_mail] {" "}for mail that a web site sends without a login
       *[other] {" "}on { $plan_name }
    }: { $limit } { $what ->
        [external_messages] messages to external addresses
        [internal_messages] internal messages
        [forwarded_messages] automatically forwarded messages
        [recipients] recipients
        [external_recipients] external recipients
        [internal_recipients] internal recipients
        [unique_recipients] different recipients
        [new_recipients] recipients never written to before
       *[other] messages
    } { $limit_per ->
        [message] in one message
        [second] a second
        [minute] a minute
        [quarter_hour] in 15 minutes
        [hour] an hour
       *[other] a day
    }
    .detail = Whether this plan is the user’s, only the account shows. If it is, the provider refuses to send for a while. Source: { $page }, { $as_of ->
        [none] undated
       *[other] as of { $as_of }
    }{ $outdated ->
        [yes] , so it may be outdated.
       *[other] .
    }
    .fix = Help desk: look up the plan in the account or ask the mail admin. If it is this one:
        1. User: stop sending for now. { $rolling ->
            [yes] The time counts from each message, not from midnight.
           *[other] The count starts again when the time is over.
        }
        2. Mail admin: change the plan (a trial account often gets the full limit only some time after the first payment), or hand bulk mail to a bulk service or the provider’s relay.

LIMITS_EXCEEDED_OUTSIDE = { $sent } { $per ->
        [minute] a minute
        [hour] an hour
       *[other] a day
    } is too much for { $provider } if it all goes outside: { $limit } { $what ->
        [external_messages] messages to external addresses
        [internal_messages] internal messages
        [forwarded_messages] automatically forwarded messages
        [recipients] recipients
        [external_recipients] external recipients
        [internal_recipients] internal recipients
        [unique_recipients] different recipients
        [new_recipients] recipients never written to before
       *[other] messages
    } { $limit_per ->
        [message] in one message
        [second] a second
        [minute] a minute
        [quarter_hour] in 15 minutes
        [hour] an hour
       *[other] a day
    }{ $plan ->
        [all] {""}
        [paid] {" "}on paid plans
        [free] {" "}on free accounts
        [trial] {" "}on trial accounts{ $plan_name ->
            [none] {""}
           *[other] {" "}({ $plan_name })
        }
        [personal] {" "}on personal accounts
        [old_product] {" "}in { $plan_name }, which is no longer sold
        [account_age] {" "}on accounts { $plan_name } days old
        [own_domain] {" "}with a domain of one’s own
        [default] {" "}unless an administrator raises it
        [maximum] {" "}if an administrator allows the most
        [smtp] {" "}for mail handed in by a program (SMTP)
        [web] {" "}for mail written in the browser
        [php_mail] {" "}for mail that a web site sends without a login
       *[other] {" "}on { $plan_name }
    }
    .detail = Mail within the organisation does not count against this limit. Source: { $page }, { $as_of ->
        [none] undated
       *[other] as of { $as_of }
    }{ $outdated ->
        [yes] , so it may be outdated.
       *[other] .
    }
    .fix = In this order:
        1. User: stop sending for now. Every further try may make the block longer.
        2. Help desk: find out when the block ends. { $rolling ->
            [yes] The time counts from each message, not from midnight: what was sent is free again that long after it was sent.
           *[other] The count starts again when the time is over; many providers then still block for up to 24 hours.
        }
        3. User: spread the mail over more time, and send to several people at once only where they have to see each other.
        4. Mail admin: hand newsletters and the mail of programs to a bulk service or to the provider’s relay, and ask the provider to raise the limit if it must be this account.
        5. Help desk: if the user did not send that much, somebody else may have: change the password, end all sessions, and treat it as a security incident.

LIMITS_VARY = { $sent } { $per ->
        [minute] a minute
        [hour] an hour
       *[other] a day
    } may be too much for { $provider }: its limit moves between { $value_min } and { $limit } { $what ->
        [external_messages] messages to external addresses
        [internal_messages] internal messages
        [forwarded_messages] automatically forwarded messages
        [recipients] recipients
        [external_recipients] external recipients
        [internal_recipients] internal recipients
        [unique_recipients] different recipients
        [new_recipients] recipients never written to before
       *[other] messages
    } { $limit_per ->
        [message] in one message
        [second] a second
        [minute] a minute
        [quarter_hour] in 15 minutes
        [hour] an hour
       *[other] a day
    }{ $plan ->
        [all] {""}
        [paid] {" "}on paid plans
        [free] {" "}on free accounts
        [trial] {" "}on trial accounts{ $plan_name ->
            [none] {""}
           *[other] {" "}({ $plan_name })
        }
        [personal] {" "}on personal accounts
        [old_product] {" "}in { $plan_name }, which is no longer sold
        [account_age] {" "}on accounts { $plan_name } days old
        [own_domain] {" "}with a domain of one’s own
        [default] {" "}unless an administrator raises it
        [maximum] {" "}if an administrator allows the most
        [smtp] {" "}for mail handed in by a program (SMTP)
        [web] {" "}for mail written in the browser
        [php_mail] {" "}for mail that a web site sends without a login
       *[other] {" "}on { $plan_name }
    }
    .detail = The provider sets it for each account by age and reputation, and does not tell the current number. Source: { $page }, { $as_of ->
        [none] undated
       *[other] as of { $as_of }
    }{ $outdated ->
        [yes] , so it may be outdated.
       *[other] .
    }
    .fix = Help desk: ask the mail admin to look for a notice of the limit in the admin console, or ask the provider.{ $rolling ->
        [yes] {" "}The time counts from each message, not from midnight.
       *[other] {" "}The count starts again when the time is over.
    }

LIMITS_DEPEND_ON_SPREAD = { $sent } { $per ->
        [minute] a minute
        [hour] an hour
       *[other] a day
    } fits { $provider } only if it is spread out: { $limit } { $what ->
        [external_messages] messages to external addresses
        [internal_messages] internal messages
        [forwarded_messages] automatically forwarded messages
        [recipients] recipients
        [external_recipients] external recipients
        [internal_recipients] internal recipients
        [unique_recipients] different recipients
        [new_recipients] recipients never written to before
       *[other] messages
    } { $limit_per ->
        [message] in one message
        [second] a second
        [minute] a minute
        [quarter_hour] in 15 minutes
        [hour] an hour
       *[other] a day
    }{ $plan ->
        [all] {""}
        [paid] {" "}on paid plans
        [free] {" "}on free accounts
        [trial] {" "}on trial accounts{ $plan_name ->
            [none] {""}
           *[other] {" "}({ $plan_name })
        }
        [personal] {" "}on personal accounts
        [old_product] {" "}in { $plan_name }, which is no longer sold
        [account_age] {" "}on accounts { $plan_name } days old
        [own_domain] {" "}with a domain of one’s own
        [default] {" "}unless an administrator raises it
        [maximum] {" "}if an administrator allows the most
        [smtp] {" "}for mail handed in by a program (SMTP)
        [web] {" "}for mail written in the browser
        [php_mail] {" "}for mail that a web site sends without a login
       *[other] {" "}on { $plan_name }
    }
    .detail = It has to be spread over at least { $windows } { $limit_per ->
        [second] seconds
        [minute] minutes
        [quarter_hour] quarters of an hour
        [hour] hours
       *[other] days
    }. Sent all at once, it is too much.{ $rolling ->
        [yes] {" "}The time counts from each message.
       *[other] {""}
    } Source: { $page }, { $as_of ->
        [none] undated
       *[other] as of { $as_of }
    }{ $outdated ->
        [yes] , so it may be outdated.
       *[other] .
    }
    .fix = Help desk: ask the user whether the mail went out all at once. If it did, let the program send more slowly, or use a bulk service.

LIMITS_REACHED_LATER = Going on at { $sent } { $per ->
        [minute] a minute
        [hour] an hour
       *[other] a day
    } reaches the limit of { $provider } after { $windows } { $per ->
        [minute] minutes
        [hour] hours
       *[other] days
    }: { $limit } { $what ->
        [external_messages] messages to external addresses
        [internal_messages] internal messages
        [forwarded_messages] automatically forwarded messages
        [recipients] recipients
        [external_recipients] external recipients
        [internal_recipients] internal recipients
        [unique_recipients] different recipients
        [new_recipients] recipients never written to before
       *[other] messages
    } { $limit_per ->
        [message] in one message
        [second] a second
        [minute] a minute
        [quarter_hour] in 15 minutes
        [hour] an hour
       *[other] a day
    }{ $plan ->
        [all] {""}
        [paid] {" "}on paid plans
        [free] {" "}on free accounts
        [trial] {" "}on trial accounts{ $plan_name ->
            [none] {""}
           *[other] {" "}({ $plan_name })
        }
        [personal] {" "}on personal accounts
        [old_product] {" "}in { $plan_name }, which is no longer sold
        [account_age] {" "}on accounts { $plan_name } days old
        [own_domain] {" "}with a domain of one’s own
        [default] {" "}unless an administrator raises it
        [maximum] {" "}if an administrator allows the most
        [smtp] {" "}for mail handed in by a program (SMTP)
        [web] {" "}for mail written in the browser
        [php_mail] {" "}for mail that a web site sends without a login
       *[other] {" "}on { $plan_name }
    }
    .detail = The number itself fits. It becomes too much if it goes on.{ $rolling ->
        [yes] {" "}The time counts from each message, not from midnight.
       *[other] {""}
    } Source: { $page }, { $as_of ->
        [none] undated
       *[other] as of { $as_of }
    }{ $outdated ->
        [yes] , so it may be outdated.
       *[other] .
    }
    .fix = Help desk: ask the user how long the mail went on. If it was longer than that, the limit is the likely reason: stop sending and wait.

LIMITS_COUNT_RECIPIENTS = { $sent } { $per ->
        [minute] a minute
        [hour] an hour
       *[other] a day
    } fits { $provider } with up to { $each } recipients each: { $limit } { $what ->
        [external_messages] messages to external addresses
        [internal_messages] internal messages
        [forwarded_messages] automatically forwarded messages
        [recipients] recipients
        [external_recipients] external recipients
        [internal_recipients] internal recipients
        [unique_recipients] different recipients
        [new_recipients] recipients never written to before
       *[other] messages
    } { $limit_per ->
        [message] in one message
        [second] a second
        [minute] a minute
        [quarter_hour] in 15 minutes
        [hour] an hour
       *[other] a day
    }{ $plan ->
        [all] {""}
        [paid] {" "}on paid plans
        [free] {" "}on free accounts
        [trial] {" "}on trial accounts{ $plan_name ->
            [none] {""}
           *[other] {" "}({ $plan_name })
        }
        [personal] {" "}on personal accounts
        [old_product] {" "}in { $plan_name }, which is no longer sold
        [account_age] {" "}on accounts { $plan_name } days old
        [own_domain] {" "}with a domain of one’s own
        [default] {" "}unless an administrator raises it
        [maximum] {" "}if an administrator allows the most
        [smtp] {" "}for mail handed in by a program (SMTP)
        [web] {" "}for mail written in the browser
        [php_mail] {" "}for mail that a web site sends without a login
       *[other] {" "}on { $plan_name }
    }
    .detail = This limit counts every recipient of every message, Cc and Bcc included.{ $rolling ->
        [yes] {" "}The time counts from each message, not from midnight.
       *[other] {""}
    } Source: { $page }, { $as_of ->
        [none] undated
       *[other] as of { $as_of }
    }{ $outdated ->
        [yes] , so it may be outdated.
       *[other] .
    }
    .fix = Help desk: ask the user how many recipients the messages had. Large groups belong on a mailing list or a bulk service.

LIMITS_WITHIN = { $sent } { $per ->
        [minute] a minute
        [hour] an hour
       *[other] a day
    } is within the limits of { $provider } that we can compare it with
    .detail = So these limits are not the likely reason, as long as nobody else sends with the same account. Limits of other kinds, such as recipients of one message, were not compared.

LIMITS_NOT_COMPARABLE = Could not tell whether { $sent } { $per ->
        [minute] a minute
        [hour] an hour
       *[other] a day
    } is too much for { $provider }
    .detail = Our data has no limit of this provider that this number can be compared with. That does not mean that there is none.
    .fix = Help desk: look for the sending limits in the provider’s help, or ask its support.

LIMITS_TRIAL = A trial account of { $provider } may send much less: { $value } { $what ->
        [external_messages] messages to external addresses
        [internal_messages] internal messages
        [forwarded_messages] automatically forwarded messages
        [recipients] recipients
        [external_recipients] external recipients
        [internal_recipients] internal recipients
        [unique_recipients] different recipients
        [new_recipients] recipients never written to before
       *[other] messages
    } { $limit_per ->
        [message] in one message
        [second] a second
        [minute] a minute
        [quarter_hour] in 15 minutes
        [hour] an hour
       *[other] a day
    }{ $plan ->
        [trial] { $plan_name ->
            [none] {""}
           *[other] {" "}({ $plan_name })
        }
       *[other] {""}
    }
    .detail = New accounts run into this without knowing: the limit usually rises only some time after the first payment or on request. Source: { $page }, { $as_of ->
        [none] undated
       *[other] as of { $as_of }
    }{ $outdated ->
        [yes] , so it may be outdated.
       *[other] .
    }
    .fix = Help desk: if the account is new, ask the mail admin whether it is still on trial.

LIMITS_STATED = { $provider }: { $value_min ->
        [none] {""}
       *[other] { $value_min } to{" "}
    }{ $value } { $what ->
        [external_messages] messages to external addresses
        [internal_messages] internal messages
        [forwarded_messages] automatically forwarded messages
        [recipients] recipients
        [external_recipients] external recipients
        [internal_recipients] internal recipients
        [unique_recipients] different recipients
        [new_recipients] recipients never written to before
       *[other] { $value ->
            [one] message
           *[other] messages
        }
    } { $limit_per ->
        [message] in one message
        [second] a second
        [minute] a minute
        [quarter_hour] in 15 minutes
        [hour] an hour
       *[other] a day
    }{ $plan ->
        [all] {""}
        [paid] {" "}on paid plans
        [free] {" "}on free accounts
        [trial] {" "}on trial accounts{ $plan_name ->
            [none] {""}
           *[other] {" "}({ $plan_name })
        }
        [personal] {" "}on personal accounts
        [old_product] {" "}in { $plan_name }, which is no longer sold
        [account_age] {" "}on accounts { $plan_name } days old
        [own_domain] {" "}with a domain of one’s own
        [default] {" "}unless an administrator raises it
        [maximum] {" "}if an administrator allows the most
        [smtp] {" "}for mail handed in by a program (SMTP)
        [web] {" "}for mail written in the browser
        [php_mail] {" "}for mail that a web site sends without a login
       *[other] {" "}on { $plan_name }
    }{ $soft ->
        [yes] {" "}(a rough guide)
       *[other] {""}
    }{ $as_of ->
        [none] {" "}(undated, may be outdated)
       *[other] {" "}(as of { $as_of }{ $outdated ->
            [yes] , may be outdated)
           *[other] )
        }
    }
    .detail = Source: { $page }, { $as_of ->
        [none] undated
       *[other] as of { $as_of }
    }{ $outdated ->
        [yes] , so it may be outdated.
       *[other] .
    }

LIMITS_SOURCES = Where these limits come from: { $pages }
    .detail = Providers change their limits now and then. Where a page of the provider itself is among these, what it says today counts.

LIMITS_SET_BY_ACCOUNT = { $provider } limits { $what ->
        [external_messages] messages to external addresses
        [internal_messages] internal messages
        [forwarded_messages] automatically forwarded messages
        [recipients] recipients
        [external_recipients] external recipients
        [internal_recipients] internal recipients
        [unique_recipients] different recipients
        [new_recipients] recipients never written to before
       *[other] messages
    } { $limit_per ->
        [message] in one message
        [second] a second
        [minute] a minute
        [quarter_hour] in 15 minutes
        [hour] an hour
       *[other] a day
    }{ $plan ->
        [all] {""}
        [paid] {" "}on paid plans
        [free] {" "}on free accounts
        [trial] {" "}on trial accounts{ $plan_name ->
            [none] {""}
           *[other] {" "}({ $plan_name })
        }
        [personal] {" "}on personal accounts
        [old_product] {" "}in { $plan_name }, which is no longer sold
        [account_age] {" "}on accounts { $plan_name } days old
        [own_domain] {" "}with a domain of one’s own
        [default] {" "}unless an administrator raises it
        [maximum] {" "}if an administrator allows the most
        [smtp] {" "}for mail handed in by a program (SMTP)
        [web] {" "}for mail written in the browser
        [php_mail] {" "}for mail that a web site sends without a login
       *[other] {" "}on { $plan_name }
    }, but our data has no number
    .detail = The provider sets the number for each account, or shows it only where we could not read it. Source: { $page }, { $as_of ->
        [none] undated
       *[other] as of { $as_of }
    }{ $outdated ->
        [yes] , so it may be outdated.
       *[other] .
    }
    .fix = Help desk: look the number up on that page or in the account.

LIMITS_NOT_IN_DATA = Our data has no sending limit of { $provider }
    .detail = That does not mean that there is none: nearly every provider has one.
    .fix = Help desk: look for it in the provider’s help. { $support ->
        [none] Our data names no page.
       *[other] Support: { $support }
    }

LIMITS_OWN_SERVER = No sending limits are known: the mail hosts bear the domain’s own name
    .detail = Whoever runs the mail server sets its limits: the mail admin, if it is the domain’s own server, or the company that hosts it.

LIMITS_PROVIDER_UNKNOWN = The sending limits are not known, because the provider is not known
    .detail = Limits differ a lot between providers, so a guess would be of no use.
    .fix = Help desk: find out who hosts the mail (see “Mail provider”), then use `limits` followed by its name.

# The mail provider: who hosts the mail, and how to reach them.

PROVIDER_FOUND = Mail of { $domain } is with { $provider }
    .detail = Recognised by { $via } (mail_domain: the domain of the address itself; mx: mail hosts; ptr: reverse DNS; ns: name servers).

PROVIDER_BEHIND_GATEWAY = Mail of { $domain } passes { $gateway }; the mailboxes behind it look to be with { $provider }
    .detail = The mail hosts belong to { $gateway }, which filters mail. What is behind it cannot be seen directly; what points to { $provider }: { $via }.

PROVIDER_HIDDEN_BY_GATEWAY = Mail of { $domain } passes { $gateway }; who has the mailboxes cannot be seen
    .detail = { $gateway } filters the mail of many companies and hands it on. Nothing that could be read in the SPF record and at `autodiscover.{ $domain }` shows to whom. So the sending limits of this domain are not known.
    .fix = Help desk: ask the mail admin of { $domain } where the mailboxes are. Trouble with arriving mail is first a question to whoever looks after { $gateway }.

PROVIDER_SEVERAL = Several providers are possible for { $domain }
    .detail = What can be seen from outside points to { $candidates }. A change of provider that is half done looks like this, and so do companies whose teams use different providers.
    .fix = Help desk: ask the user which web page they read their mail on, or look at the account in the mail program. Then `limits` followed by that provider’s name shows what may be sent.

PROVIDER_POINTS_TO = { $domain } may be with { $provider }, but only one clue says so
    .detail = The mail hosts bear no name that we know. The only clue is { $via ->
        [spf] the SPF record, which may also name a mere sending service
        [autodiscover] where `autodiscover` leads
        [ptr] the reverse DNS of an address
        [ns] the name servers, which belong to it
       *[other] { $via }
    }. That is not enough to build on.
    .fix = Help desk: ask the mail admin of { $domain } whether the mailboxes are with { $provider }. If they are, `limits` followed by that name shows what may be sent.

PROVIDER_OWN_SERVER = { $domain } has mail hosts of its own name: its own server, or a provider that does not show
    .detail = Mail goes to { $hosts }. Neither the SPF record nor the names of addresses and name servers lead to a provider that we know. Whoever runs these hosts sets the sending limits and is the one to ask: the mail admin, or the company that hosts the domain.

PROVIDER_NOT_IN_DATA = Mail of { $domain } goes to hosts of somebody whom our data does not know
    .detail = The mail hosts { $hosts } belong to { $owners }. Our data has no limits, status page or contact for them.
    .fix = Help desk: the bill or the welcome mail for { $domain } names the company. Look there for its support and its sending limits.

PROVIDER_NO_MAIL_HOST = { $domain } names no mail host, so nothing shows who has its mail
    .detail = Without a mail host in the MX records there is nobody to recognise, and neither SPF nor other names lead to a provider.
    .fix = Help desk: see “Mail hosts (MX)”. If the domain is used in mail all the same, ask the mail admin who has the mailboxes.

PROVIDER_SENDERS = May also send for { $domain }: { $senders }
    .detail = The SPF record of { $domain } lets them; whether they do is not known. Mail that a program or a newsletter sends through them counts against their limits, not against those of the mailboxes.

PROVIDER_CONTACT = How to reach { $provider }
    .detail = Worth it when nothing on this side explains the failure, when the account or its sending is blocked, or when a limit has to be raised.{ $status ->
        [none] {"\u000A"}Our data knows no status page.
       *[other] {"\u000A"}Status page: { $status }
    }{ $support ->
        [none] {"\u000A"}Our data knows no checked support page; the admin console or the bill names one.
       *[other] {"\u000A"}Support: { $support }
    }{ $postmaster ->
        [none] {""}
       *[other] {"\u000A"}Rules for those who send to it: { $postmaster }
    }{ $delisting ->
        [none] {""}
       *[other] {"\u000A"}To have a blocked sending address released: { $delisting }
    }{ $troubleshooter ->
        [none] {""}
       *[other] {"\u000A"}Its own troubleshooter: { $troubleshooter }
    }
    .fix = In this order:
        1. Help desk: look at the status page. If there is an incident, wait for its end and tell the user.
        2. Help desk: have the error mail, the time of sending and the Message-ID at hand.
        3. Mail admin: write to the support as the customer, with the text below; most providers answer nobody else.
    .paste = Subject: Mail of { $domain } is not sent or not delivered{ $reference ->
            [none] {""}
           *[other] {" "}({ $reference })
        }

        Hello,

        mail of our domain { $domain } is not sent or not delivered as it should be.

        When it failed (UTC): [date and time]
        Error message, word for word: [text of the error mail or of the mail program]
        Message-ID of one mail that failed: [Message-ID]

        We checked the domain from outside on { $checked }. On request we send the result.

        Please look in your logs for that time and tell us:
        1. Did your servers take the mail, and where did they hand it on?
        2. Is the account or the domain blocked or limited for sending? If so, why, and until when?
        3. What has to be changed on our side?

        { $reference ->
            [none] Thank you.
           *[other] Our reference: { $reference }. Please keep it in your reply. Thank you.
        }

PROVIDER_CLUES_UNKNOWN = Could not tell who hosts the mail of { $domain }
    .detail = { $gateway ->
        [none] The mail hosts bear no name that we know
       *[other] Mail passes { $gateway }, which hides the mailboxes behind it
    }, and of the other clues these could not be read: { $unread }. One of them may well show the provider.
    .fix = Help desk: run the check again in a few minutes. If it stays so, ask the mail admin of { $domain } where the mailboxes are.

PROVIDER_UNKNOWN = Could not tell who hosts the mail of { $domain }
    .detail = The question for its mail hosts was not answered: { $reason }.
    .fix = Help desk: run the check again in a few minutes. If it stays so, ask the mail admin of { $domain } where the mailboxes are.

# Size: attachments that are too big on one of the hops.

SIZE_TOO_BIG_TO_HAND_IN = { $size } is too big for the sending server { $host }: it takes { $limit }
    .detail = The server refuses the message before it leaves. Besides, attachments grow by a good third in mail: a file of { $size } becomes { $encoded }.
    .fix = In this order:
        1. User: put the file into a shared folder and send a link. That works for any size, and nobody’s mailbox fills up.
        2. User: if it has to be an attachment, make it smaller than { $largest }: compress it, lower the quality of pictures, or split it.
        3. Mail admin: the limit can be raised on a server of your own, but the recipient’s limit stays.

SIZE_GROWS_TOO_BIG_TO_HAND_IN = A file of { $size } grows to { $encoded }, and { $host } takes { $limit }
    .detail = Attachments grow by a good third in mail (57 octets become 78), header and text come on top, and the server judges the whole. If { $size } is already the size of the whole message, it just fits.
    .fix = In this order:
        1. User: put the file into a shared folder and send a link.
        2. User: if it has to be an attachment, keep it below { $largest }.

SIZE_TOO_BIG_TO_RECEIVE = { $size } is too big for mail to { $domain }: its mail host { $host } takes { $limit }
    .detail = The sender’s own server may take the message; then the recipient’s refuses it, and the user gets an error mail. Besides, attachments grow by a good third in mail: a file of { $size } becomes { $encoded }.
    .fix = In this order:
        1. User: put the file into a shared folder and send a link.
        2. User: if it has to be an attachment, make it smaller than { $largest }, or split it.
        3. Recipient: only whoever runs the mail of { $domain } can raise the limit.

SIZE_GROWS_TOO_BIG_TO_RECEIVE = A file of { $size } grows to { $encoded }, and { $host }, the mail host of { $domain }, takes { $limit }
    .detail = Attachments grow by a good third in mail (57 octets become 78), header and text come on top, and the server judges the whole. If { $size } is already the size of the whole message, it just fits.
    .fix = In this order:
        1. User: put the file into a shared folder and send a link.
        2. User: if it has to be an attachment, keep it below { $largest }.

SIZE_RECIPIENT_TAKES_NO_MAIL = { $domain } takes no mail at all, whatever its size
    .detail = Its DNS says so with a null MX, so servers refuse mail to it or return it at once. The size is not the reason.
    .fix = User: check the recipient’s address for a mistake, or ask the recipient for the right one.

SIZE_OVER_PROVIDER_LIMIT = By our data, { $size } is more than { $provider } allows: { $limit } { $counted ->
        [attachments] of attachments
       *[other] for a whole message
    }{ $plan_name ->
        [none] {""}
       *[other] {" "}({ $plan_name })
    }
    .detail = { $counted ->
        [attachments] This limit counts the files as they are.
       *[other] This limit counts the message on its way, in which a file of { $size } has grown to { $encoded }.
    } Source: { $page }, { $as_of ->
        [none] undated
       *[other] as of { $as_of }
    }{ $outdated ->
        [yes] , so it may be outdated.
       *[other] .
    }
    .fix = In this order:
        1. User: put the file into a shared folder and send a link; many providers offer to do that by themselves.
        2. User: if it has to be an attachment, keep it below { $largest }.

SIZE_FITS = { $size } fits wherever a limit is known, even as a file that grows to { $encoded }
    .detail = Limits known of: { $hops } (provider: what our data says of the provider; submission: the sending server; receiving: the mail hosts of the recipient, or of the domain if no recipient was given). A limit inside the recipient’s organisation may still be lower; no server announces those.

SIZE_NOT_ANNOUNCED = These servers announce no size limit: { $hosts }
    .detail = They may have one all the same. It then shows only when the message is sent.
    .fix = Help desk: if an error mail speaks of the size, look for the limit in it, or ask whoever runs the server.

SIZE_UNKNOWN = Could not tell how big a message { $hop ->
        [submission] the sending server
       *[other] the recipient’s mail host
    } takes
    .detail = { $hosts ->
        [none] No server of this kind is known for this case.
       *[other] It could not be asked from here: { $hosts }.
    } Whether the size fits there is not known.
    .fix = Help desk: { $hop ->
        [submission] look up the limit in the help of the mail provider, and see “Sending servers and login”.
       *[other] look at the error mail: whoever refuses for the size says so there. With `to:` and the recipient’s address, the recipient’s mail hosts are asked.
    }

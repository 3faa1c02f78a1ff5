# What a login at a submission server ended in.

LOGIN_ACCEPTED = { $host } accepts the login on port { $port } ({ $mechanism })
    .detail = User name and password are right, and login for sending is switched on for this account. Nothing was sent, so a sending limit would not show here. If the mail program still cannot log in, its settings differ: server { $host }, port { $port }, encryption { $port ->
        [465] SSL/TLS
       *[other] STARTTLS
    }, and the same user name.

LOGIN_BAD_CREDENTIALS = { $host } does not accept this user name and password
    .detail = The server answers { $reply } on port { $port }. Either one of them is wrong, or the password is right for the web mail but not for mail programs.{ $provider ->
        [none] {""}
       *[other] {" "}By our data { $provider } takes only app passwords here: the normal password is refused although it is right.
    }
    .fix = User: { $provider ->
        [none] sign in to the web mail with exactly this user name and password. If that fails, reset the password. If it works, ask whether the account needs an app password, and whether the user name is the full mail address.
       *[other] make an app password in the security settings at { $provider } and use it in the mail program.
    } Do not try again and again: many failures lock the account.

LOGIN_APP_PASSWORD = { $host } wants an app password
    .detail = The server answers { $reply } on port { $port }. The normal password of the account is refused in mail programs, also when it is right.
    .fix = User: make an app password (at some providers: authorisation code) in the security settings of the account, and enter it in the mail program. Where the program offers “sign in with…”, that works as well.

LOGIN_PASSWORD_OFF = { $host } takes no password for this account, only modern sign-in (OAuth)
    .detail = The server answers { $reply } on port { $port }. Login with user name and password is switched off, so it does not matter whether the password is right.
    .fix = User: add the account to the mail program anew with “sign in with…”. Mail admin: for printers and scripts that cannot do that, set up a relay, or allow password login for the one mailbox if your rules permit it.

LOGIN_DISABLED = Sending through { $host } is not allowed for this mailbox
    .detail = The server answers { $reply } on port { $port }. Login for sending (SMTP AUTH) is switched off for the mailbox or the whole organisation, or one of its sign-in rules does not let this login through. Whether the password is right is not known.
    .fix = Mail admin: allow SMTP AUTH for this mailbox, or have the program send another way. In Microsoft 365 it is the box “Authenticated SMTP” under the mail apps of the user; the organisation’s setting, security defaults and conditional access count as well.

LOGIN_WEB_SIGN_IN = { $host } wants the user to sign in with a web browser first
    .detail = The server answers { $reply } on port { $port }. The provider finds the login unusual, for example because of a new place or device, and holds it back. This check itself may be what was unusual.
    .fix = User: sign in to the account with a browser, confirm that it was you, then try the mail program again. Prefer an app password or “sign in with…”.

LOGIN_STRONGER_MECHANISM = { $host } wants a stronger way to log in
    .detail = The server answers { $reply } on port { $port }. The account must not use this way to log in, whatever the password is. Often an app password or OAuth is wanted.
    .fix = User: look in the security settings of the account for app passwords, or choose OAuth in the mail program. Mail admin: check which ways to log in are allowed for the account.

LOGIN_PASSWORD_TRANSITION = { $host } needs the password set anew
    .detail = The server answers { $reply } on port { $port }. It does not have the password in the form that this way to log in needs.
    .fix = User: change the password of the account once, for example in the web mail, then try again.

LOGIN_ACCOUNT_DISABLED = { $host } says that the account is disabled
    .detail = The server answers { $reply } on port { $port }. The account is closed, locked after failures, or blocked because of spam.
    .fix = Mail admin: find out why it is disabled. If it was misused, scan the user’s device and change the password before you open it again.

LOGIN_ENCRYPTION_NEEDED = { $host } says that the login is not encrypted as it wants
    .detail = The server answers { $reply } on port { $port }, although Mailcheck did use TLS. The server’s settings seem to contradict each other.
    .fix = Mail admin: check the server’s rules for TLS and login on port { $port }. Help desk: try the other port (465 or 587) meanwhile.

LOGIN_TOO_MANY_TRIES = { $host } has seen too many logins and judges none for now
    .detail = The server answers { $reply } on port { $port }. Whether the password is right is not known.
    .fix = User: close programs and devices that keep trying with an old password, phones above all. Try again after an hour or so.

LOGIN_TEMPORARY = { $host } cannot judge the login at the moment
    .detail = The server answers { $reply } on port { $port }. That is a temporary answer, and says nothing about the password.
    .fix = Help desk: try again in a quarter of an hour. If it stays so, give the answer to the provider.

LOGIN_REFUSED = { $host } refuses the login
    .detail = The server answers { $reply } on port { $port }. The reason stands in the answer, if the server gives one.
    .fix = Help desk: read the reason in the answer. If it does not tell, give it to the provider or the mail admin, with the time.

LOGIN_SERVER_REFUSES_US = { $host } turned Mailcheck away before the login
    .detail = The server answers { $reply } on port { $port }. The password was not sent. The server may refuse only the address where Mailcheck runs.
    .fix = Help desk: try from the user’s own network, with the mail program itself.

LOGIN_OAUTH_ONLY = { $host } takes no passwords, only modern sign-in (OAuth)
    .detail = On port { $port } it offers { $offered }. The password was not sent. A program that knows only user name and password cannot log in there.
    .fix = User: add the account to the mail program anew with “sign in with…”. For printers and scripts the mail admin provides a relay or another way to send.

LOGIN_NOT_OFFERED = { $host } offers no login with a password on port { $port }
    .detail = Offered: { $offered ->
        [none] nothing
       *[other] { $offered }
    }. The password was not sent.
    .fix = Help desk: check the server name and the port with the provider’s instructions; 465 and 587 are usual. Mail admin: switch on SMTP AUTH on this port.

LOGIN_NO_TLS = { $host } does not encrypt on port { $port }, so the password was not sent
    .detail = { $reply ->
        [none] The server does not offer STARTTLS.
       *[other] The server answers STARTTLS with { $reply }.
    } Without encryption everybody on the way could read the password. A firewall or virus scanner on the way can be the reason.
    .fix = Help desk: try port 465. Mail admin: switch on TLS on the server.

LOGIN_CERTIFICATE_REFUSED = The certificate of { $host } is not accepted, so the password was not sent
    .detail = { $state ->
        [expired] The certificate has expired.
        [not_yet_valid] The certificate is not valid yet.
        [wrong_name] The certificate is made for another name, so this may be another server.
       *[other] The certificate is not from an authority that is known here: self-signed, private, or sent without its chain.
    } That was on port { $port }. Mail programs warn here or refuse as well.
    .fix = Help desk: check the server name for a typo. Mail admin: install a valid certificate for { $host }. If it is from your own authority, whoever runs the bot gives that authority’s file to Mailcheck with `MAILCHECK_CA_FILE`.

LOGIN_UNREACHABLE = Could not tell whether { $host } accepts the login
    .detail = The conversation on port { $port } came to nothing: { $reason }. { $sent ->
        [yes] The password had been sent by then, over verified TLS.
       *[other] The password was not sent.
    }
    .fix = Help desk: check the server name and the port, and try from the user’s own network. Ports 465 and 587 may be closed where Mailcheck runs.

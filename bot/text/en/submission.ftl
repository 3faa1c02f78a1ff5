SUBMISSION_READY = { $host } takes logins from mail programs, seen from here: { $settings }{ $source ->
        [usual_name] {" "}(a guess from its name)
       *[other] {""}
    }
    .detail = Settings: server { $host }, port and encryption { $settings }, login required{ $username ->
        [address] , user name: the full mail address
        [local_part] , user name: the part before the @
       *[other] {""}
    }. Seen from here, encryption and certificate are fine, and the server offers to log in by { $mechanisms }. Nobody logged in and nothing was sent. This server { $source ->
        [srv] is the one the SRV records of the domain name
        [autoconfig] is the one the autoconfig document of the domain names
        [provider] is the one the provider has for its customers
        [itself] is the host that was asked about
       *[other] is a guess from its usual name; the domain itself names none
    }.

SUBMISSION_PROVIDER_SETTINGS = Settings at { $provider }: { $host }, { $settings } (as of { $as_of ->
        [none] an unknown date
       *[other] { $as_of }
    })
    .detail = By its records, the domain has its mailboxes at { $provider }. Mail programs send through { $host } with { $settings }{ $username ->
        [address] {" "}and the full mail address as user name
        [local_part] {" "}and the part before the @ as user name
       *[other] {""}
    }. Source: { $source ->
        [none] our own data
       *[other] { $source }
    }, as of { $as_of ->
        [none] an unknown date
       *[other] { $as_of }
    }{ $outdated ->
        [yes] ; this may be outdated, so check it with the provider
       *[other] {""}
    }.

SUBMISSION_NOT_PUBLISHED = Nothing was found that tells mail programs where to send for { $domain }
    .detail = There is no SRV record for submission and no autoconfig document{ $autoconfig ->
        [none] {""}
       *[other] {" "}that could be fetched ({ $autoconfig })
    }, and { $tried ->
        [none] the usual server names do not exist
       *[other] { $tried } did not answer as a mail server, seen from here
    }. That is no fault, and common. Users need the server, the port and the user name from their provider or their IT.
    .fix = Help desk: compare the settings in the user’s mail program with the provider’s instructions. DNS admin, if you like: publish SRV records (`_submissions._tcp`), and many programs find the server by themselves.

SUBMISSION_GUESSED = Nothing tells mail programs where to send for { $domain }; { $host } answers, but is a guess
    .detail = Neither an SRV record nor an autoconfig document was found. { $host } is a guess from the usual names. A mail server answers there, but only the admin knows whether it is the right one for this domain.
    .fix = Help desk: ask the mail admin whether { $host } is right before you enter it in a mail program. DNS admin: once that is settled, publish SRV records such as these.
    .paste = { $records }

SUBMISSION_NOT_OFFERED = { $domain } says that it has no server for sending
    .detail = The SRV records for submission name “.” as their target. That means: nobody sends with addresses of this domain through a server of its own, and mail programs that look there give up.
    .fix = DNS admin: if people do send mail from this domain, let the SRV records name their server, or delete them.

SUBMISSION_SETTINGS_UNKNOWN = Could not tell where mail programs should send
    .detail = The question for the SRV records of { $domain } was not answered: { $reason }. They may well be there.
    .fix = Help desk: run the check again in a few minutes. Until then, go by the provider’s instructions.

SUBMISSION_AUTOCONFIG_INVALID = The autoconfig document of { $domain } names no usable server
    .detail = The document is there, but it holds no outgoing server with a host name, a port and a kind of encryption that mail programs know. Programs that read it have to be set up by hand.
    .fix = Mail admin: correct the part `outgoingServer` of the document `config-v1.1.xml`.

SUBMISSION_SOURCES_DISAGREE = SRV records and autoconfig name different servers
    .detail = The SRV records say { $srv }, the autoconfig document says { $autoconfig }. Which server a user gets depends on the mail program, so if only one is right, some programs set themselves up with the other and cannot log in.
    .fix = Mail admin: find out which is right, and correct the other one. Help desk: look at which of them stands in the user’s mail program.

SUBMISSION_PROVIDER_DIFFERS = The domain names other servers than { $provider } usually has
    .detail = Published for mail programs: { $published }. Usual at { $provider }, where the mail of the domain goes: { $usual }. That can be meant so. It is also what is left behind after a move to another provider.
    .fix = Help desk: ask the mail admin which is right. If the domain has moved, the DNS admin corrects the SRV records or the autoconfig document.

SUBMISSION_WRONG_TLS_MODE = Port { $port } of { $host } is published with the wrong kind of encryption
    .detail = { $source ->
        [srv] The SRV records say
        [autoconfig] The autoconfig document says
       *[other] The provider’s settings in our data say
    } { $published ->
        [implicit] “SSL/TLS” for this port, but it works with STARTTLS
        [starttls] “STARTTLS” for this port, but it works with SSL/TLS from the start
       *[other] “no encryption” for this port, but the server offers it
    }. { $published ->
        [none] Programs that follow it send the password readable for anybody on the way.
       *[other] Programs that follow it hang or report that they cannot connect.
    }
    .fix = Help desk: in the mail program choose { $port ->
        [465] SSL/TLS
       *[other] STARTTLS
    } for port { $port }. DNS or mail admin: correct the published setting; `_submissions._tcp` belongs to port 465, `_submission._tcp` to port 587.

SUBMISSION_PORT_NOT_TRIED = Port { $port } of { $host } was not tried
    .detail = The domain publishes it for mail programs, but Mailcheck connects only to the ports that are standard for mail: 25, 465 and 587.
    .fix = Help desk: try port { $port } with the mail program itself.

SUBMISSION_HOST_NOT_FOUND = The published sending server { $host } has no address
    .detail = { $source ->
        [srv] The SRV records name
        [autoconfig] The autoconfig document names
       *[other] The provider’s settings in our data name
    } { $host }, and there is no address for that name in DNS. Mail programs that are set up with it cannot send.
    .fix = DNS admin: correct the name, or give the host an address. Help desk: until then, enter the right server in the mail program by hand.

SUBMISSION_HOST_UNKNOWN = Could not tell the address of { $host }
    .detail = The question to DNS was not answered: { $reason }. The address may well be there.
    .fix = Help desk: run the check again in a few minutes.

SUBMISSION_NOTHING_REACHABLE = No sending server could be reached from here
    .detail = No answer came from { $hosts } on any port. It may well be the network where Mailcheck runs that does not let these ports out. So nothing is known about the servers.
    .fix = Help desk: try from the user’s own network. If a domain that is known to work cannot be reached either, whoever runs the bot has the outgoing ports 465 and 587 opened.

SUBMISSION_OTHER_PORT_CLOSED = { $host } takes mail on port { $open }, not on port { $closed }, seen from here
    .detail = There is no mail server on port { $closed }, and nothing says that there should be. If it is the same at the user’s desk, a mail program that is set to { $closed } cannot send.
    .fix = Help desk: in the mail program set port { $open } with { $open ->
        [465] SSL/TLS
       *[other] STARTTLS
    }.

SUBMISSION_CONNECTION_REFUSED = { $host } refuses connections on port { $port }, seen from here
    .detail = The port is published for mail programs, but at { $addresses } nothing listens there, or a firewall turns connections away. That is how it looks from where Mailcheck runs; from the user’s network it may look otherwise.
    .fix = Help desk: try from the user’s network, and try the other port (465 or 587). Mail admin: check that the service runs and that the firewall lets port { $port } in.

SUBMISSION_TIMEOUT = Port { $port } of { $host } did not answer from here
    .detail = The connection to { $addresses } got no answer, while others did. A firewall may drop it, at the server or on the way from here. What the user’s program meets is not known.
    .fix = Help desk: try from the user’s network (see “To check by hand”), and try the other port (465 or 587).

SUBMISSION_NOT_SMTP = What answers on port { $port } of { $host } is not a mail server, seen from here
    .detail = At { $addresses } something accepts the connection but does not speak SMTP. A wrong port forwarding, or a proxy or virus scanner on the way, can be the reason.
    .fix = Network admin: check where port { $port } of this address is forwarded to. Help desk: make sure that the server name in the mail program is right.

SUBMISSION_LIMITED = { $host } puts Mailcheck off for now
    .detail = The server at { $addresses }, port { $port }, answers { $reply }. It limits Mailcheck for the moment. That says nothing about the user’s own connection.
    .fix = Help desk: run the check again in a quarter of an hour. If the user’s program shows the same text, wait as well, and look for a program that tries too often.

SUBMISSION_REFUSES_US = { $host } turns Mailcheck away
    .detail = The server at { $addresses }, port { $port }, answers { $reply }. It may refuse only the address where Mailcheck runs. What the user’s program meets is not known.
    .fix = Help desk: compare this with the error in the user’s mail program. If it is the same, the reason given in it decides; if not, nothing needs to be done about it.

SUBMISSION_UNKNOWN = Could not tell how port { $port } of { $host } works
    .detail = The conversation with the server at { $addresses } came to nothing: { $reason }.
    .fix = Help desk: run the check again in a few minutes. If it stays so, try from the user’s network.

SUBMISSION_NO_STARTTLS = { $host } offers no encryption on port { $port }, seen from here
    .detail = No STARTTLS is offered at { $addresses }. Either the server has it switched off, or a firewall or virus scanner on the way takes the offer out. Mail programs that insist on encryption do not send; others may send the password readable for anybody on the way.
    .fix = Help desk: use port 465 with SSL/TLS if it works. Mail admin: switch on STARTTLS on port { $port } and demand it before the login. Network admin: check whether a firewall rewrites SMTP.

SUBMISSION_STARTTLS_REFUSED = { $host } offers encryption on port { $port } and then refuses it
    .detail = The server at { $addresses } answers STARTTLS with { $reply }. Mail programs that insist on encryption cannot log in this way.
    .fix = Mail admin: check the TLS settings of the server, above all whether it can read its certificate and key. Help desk: try port 465 with SSL/TLS meanwhile.

SUBMISSION_TLS_FAILED = Encryption with { $host } on port { $port } could not be set up from here
    .detail = The TLS handshake with { $addresses } fails. The server’s TLS settings may be broken, the port may expect the other kind of encryption, or something on the way may be in between.
    .fix = Mail admin: check certificate, key and TLS versions of the server; port 465 needs TLS from the start, port 587 STARTTLS. Help desk: try the other port meanwhile.

SUBMISSION_OLD_TLS = { $host } speaks only outdated TLS on port { $port }
    .detail = The server at { $addresses } agreed on { $version }. Sending mail needs TLS 1.2 or newer; current systems refuse older versions, and the mail program then reports that it cannot connect.
    .fix = Mail admin: switch on TLS 1.2 and 1.3 on the sending server.

SUBMISSION_CERTIFICATE_EXPIRED = The certificate of { $host } expired on { $not_after }
    .detail = Mail programs that connect to port { $port } at { $addresses } warn or refuse to send.
    .fix = Mail admin: renew the certificate and load it into the mail server, and check why the renewal did not happen by itself. User: do not tell the mail program to accept the certificate for good.

SUBMISSION_CERTIFICATE_NOT_YET_VALID = The certificate of { $host } is valid only from { $not_before }
    .detail = Mail programs that connect to port { $port } at { $addresses } warn or refuse to send until then.
    .fix = Mail admin: load a certificate that is valid now. Help desk: if only one device complains, check its clock.

SUBMISSION_CERTIFICATE_WRONG_NAME = The certificate of { $host } is made for other names
    .detail = On port { $port } the server at { $addresses } shows a certificate for { $names ->
        [none] no host name at all
       *[other] { $names }
    }. Mail programs that are set to { $host } warn or refuse to send.
    .fix = Help desk: if one of those names is the provider’s server, set that name in the mail program. Mail admin: get a certificate that contains { $host }, or publish the name that the certificate contains.

SUBMISSION_OTHER_NAME = The server behind { $host } goes by another name
    .detail = Its certificate on port { $port }, at { $addresses }, is made for { $names ->
        [none] no host name at all
       *[other] { $names }
    }. { $host } is only a guess from the usual names. A mail program set to it shows a warning about the certificate.
    .fix = Help desk: enter the name from the certificate, or from the provider’s instructions, as the server in the mail program.

SUBMISSION_CERTIFICATE_UNTRUSTED = The certificate of { $host } is not from a known authority
    .detail = On port { $port } the server at { $addresses } shows a certificate that is self-signed, from a private authority, or sent without its intermediate certificate. Mail programs warn or refuse, unless the company’s own authority is installed on the device. If this shows up on one network only, a virus scanner or proxy may be looking into the connection.
    .fix = Mail admin: use a certificate of a public authority, and have the server send the whole chain.

SUBMISSION_CERTIFICATE_UNREADABLE = The certificate of { $host } cannot be read
    .detail = What the server at { $addresses } shows on port { $port } as its certificate is damaged or far too large. Mail programs do not connect.
    .fix = Mail admin: load a proper certificate into the mail server.

SUBMISSION_AUTH_IN_CLEAR = { $host } offers login without encryption on port { $port }
    .detail = The server at { $addresses } offers { $mechanisms } before the connection is encrypted. A mail program that is set to “no encryption” would send the password so that anybody on the way can read it.
    .fix = Mail admin: offer the login only after STARTTLS. Help desk: make sure that encryption is switched on in the user’s mail program.

SUBMISSION_NO_AUTH = { $host } offers no login on port { $port }, seen from here
    .detail = The server at { $addresses } is published for mail programs, but it offers no way to log in (AUTH). Programs then report that the server does not support authentication, or mail to other domains is refused.
    .fix = Mail admin: switch on SMTP AUTH on port { $port }, or publish the server that has it.

SUBMISSION_OAUTH_ONLY = { $host } takes no passwords, only modern sign-in (OAuth)
    .detail = On port { $port } the server at { $addresses } offers { $mechanisms }. A program or device that knows only user name and password cannot log in, however right the password is.
    .fix = Help desk: set the account up anew in a mail program with OAuth (“sign in with…”). For printers and scripts the mail admin provides a relay or another way to send.

SUBMISSION_NO_PASSWORD_MECHANISM = { $host } offers no login that mail programs commonly use
    .detail = On port { $port } the server at { $addresses } offers only { $mechanisms }. Programs outside the company’s own network usually cannot use that.
    .fix = Mail admin: switch on PLAIN under TLS for mail programs, or tell which programs are meant to be used.

SUBMISSION_APP_PASSWORD = By our data, { $provider } wants an app password in mail programs
    .detail = The normal password of the account is refused, also when it is right. The user makes a password for the mail program in the account’s security settings; often two-step verification has to be on first. Source: { $source ->
        [none] our own data
       *[other] { $source }
    }, as of { $as_of ->
        [none] an unknown date
       *[other] { $as_of }
    }{ $outdated ->
        [yes] ; this may be outdated, so check it with the provider
       *[other] {""}
    }.
    .fix = User: make an app password at { $provider } and enter it in the mail program instead of the normal one. Where the program offers “sign in with…”, that works as well.

SUBMISSION_PROVIDER_OAUTH_ONLY = By our data, { $provider } takes no passwords in mail programs, only modern sign-in (OAuth)
    .detail = Programs and devices that know only user name and password cannot send. Source: { $source ->
        [none] our own data
       *[other] { $source }
    }, as of { $as_of ->
        [none] an unknown date
       *[other] { $as_of }
    }{ $outdated ->
        [yes] ; this may be outdated, so check it with the provider
       *[other] {""}
    }.
    .fix = User: remove the account from the mail program and add it again with “sign in with…”. Help desk: use a newer program where that choice is missing.

SUBMISSION_PASSWORD_ENDS = { $provider }: { $event ->
        [password_off] no login with the plain password from { $on } on
        [password_off_by_default] login with a password is off by default from { $on } on
       *[other] the end of login with a password is to be announced in { $on }
    }
    .detail = { $event ->
        [password_off] App passwords and OAuth go on working. { $passed ->
            [yes] A mail program or device that stopped sending around then may well have stopped because of it.
           *[other] The date is still to come: programs and devices that use the plain password stop sending then.
        }
        [password_off_by_default] The mail admin can switch it on again for a while, and OAuth goes on working. { $passed ->
            [yes] A mail program or device that stopped sending around then may well have stopped because of it.
           *[other] The date is still to come: programs and devices that log in with a password stop sending then.
        }
       *[other] { $passed ->
            [yes] The final date may be known by now; look at the provider’s page.
           *[other] Nothing changes by this until then.
        }
    } Source: { $source }, as of { $as_of ->
        [none] an unknown date
       *[other] { $as_of }
    }.
    .fix = Mail admin: list the printers, scripts and old mail programs that still log in with a password, and move them to OAuth or to a relay.

SUBMISSION_LIMITS = { $recipients ->
        [none] { $host } announces limits for one connection
       *[other] { $host } takes at most { $recipients } recipients a message
    }
    .detail = On port { $port }, at { $addresses }. Recipients of one message: { $recipients ->
        [none] not stated
       *[other] { $recipients }
    }. Messages in one connection: { $messages ->
        [none] not stated
       *[other] { $messages }
    }. Recipient domains in one connection: { $domains ->
        [none] not stated
       *[other] { $domains }
    }. Daily limits of the provider come on top of that.

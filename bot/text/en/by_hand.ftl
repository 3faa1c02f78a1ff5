# What only the user's desk can show.

BY_HAND_COMMANDS = To try at the user’s desk: the way to { $host }, port { $port }
    .detail = From where Mailcheck runs, { $host } answers on port { $port }. If the user’s mail program still cannot connect, its settings may be wrong, or something stands between the two: a firewall, an internet provider that blocks the port, the company’s internal DNS, or a virus scanner that looks into encrypted connections.
    .fix = Help desk: have the user run these lines on the device that cannot send, in the network where it happens, and paste everything they print into the form that `/mailcheck bounce` opens. Mailcheck reads the output and says what it means.
    .paste = Windows (PowerShell)
        nslookup { $host }
        Test-NetConnection { $host } -Port { $port }

        macOS and Linux
        nslookup { $host }
        nc -vz -w 5 { $host } { $port }
        { $port ->
            [465] openssl s_client -connect { $host }:465 -servername { $host } -verify_hostname { $host } </dev/null
           *[other] openssl s_client -starttls smtp -connect { $host }:{ $port } -servername { $host } -verify_hostname { $host } </dev/null
        }

BY_HAND_TRY_THERE = To try at the user’s desk: the way to { $host }, port { $port }
    .detail = { $here ->
        [closed] From where Mailcheck runs, no mail server answers at { $host } on port { $port }. If one does at the user’s desk, the network where Mailcheck runs is in the way, and not the user’s.
       *[unknown] Whether { $host } answers on port { $port } could not be checked from where Mailcheck runs. The user’s desk can show it.
    }
    .fix = Help desk: have the user run these lines on the device that cannot send, in the network where it happens, and paste everything they print into the form that `/mailcheck bounce` opens. Mailcheck reads the output and says what it means.
    .paste = { BY_HAND_COMMANDS.paste }

BY_HAND_NO_SERVER = No outgoing server is known, so there is nothing to try at the user’s desk
    .detail = “Sending servers and login” came to no server: none is published, and none answered under the usual names.

BY_HAND_SERVER_UNKNOWN = Could not tell which outgoing server to try at the user’s desk
    .detail = “Sending servers and login” could not finish, so it is not known whether there is an outgoing server.
    .fix = Help desk: run the check again in a few minutes. If the mail program at the user’s desk names an outgoing server, look there at the name and the port meanwhile.

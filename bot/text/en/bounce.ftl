# What was pasted, explained.

explain-recipient = To:
explain-said = The server said:
explain-said-by = { $remote } said:
explain-rests-on = Rests on:
explain-sure = { $words } ({ $certainty })
explain-steps = What to do:
explain-temporary = Not final: this can still go through by itself.
explain-retrying = Do not send it again yet: the server goes on trying, commonly for one to five days. If it is urgent, reach the recipient another way.
explain-hand-over = If that does not help, pass the full text of the error on to { $owner }.
explain-check = To see the mail set-up behind it, run { $command }.
explain-unclear = The text gives no usable reason
explain-unclear-recipient = No reason is given for { $recipient }
explain-unclear-next = Ask for the whole bounce as an `.eml` file, or for the line with the error number (such as 550 5.1.1) and the time of sending. With these, look in the log of the sending server.
explain-no-failure = Nothing failed: { $what }

explain-cannot-read = { $file } cannot be read: { $reason }
explain-too-big = { $file } is larger than { $limit }. Paste the error text, or save the bounce without its attachments.
explain-not-text = { $file } is not text. Give the bounce as an `.eml` file or paste its text.
explain-outlook-file = { $file } is an Outlook `.msg` file, which Mailcheck does not read. Save the message as text, or paste its text.

# What it is if nothing failed, and what to do with it.

innocent-read-receipt = a read receipt
innocent-delivered = a notice that the mail was delivered or passed on
innocent-out-of-office = an automatic answer of the recipient
innocent-complaint = a report that somebody marked mail of ours as spam

innocent-next-read-receipt = There is nothing to do. The mail arrived.
innocent-next-delivered = There is nothing to do. If the recipient does not see the mail, have them look in the junk folder and in their own filters.
innocent-next-out-of-office = The mail arrived. If it cannot wait, write to the stand-in that the answer names.
innocent-next-complaint = Take the recipient off the list, and look at what was sent: many such reports lead to blocks.

certainty-high = the words are plain
certainty-medium = fairly sure
certainty-low = only the reply code says so

# What to do first, by situation.

advice-open-resolver = Nothing is wrong on the sender’s side, and the address is not listed. Tell the recipient’s mail admin by phone or chat: their server asks the blocklist through a public DNS resolver, gets an error back and takes it for a listing.
advice-wait = Leave the mail in the queue. It is sent again by itself, usually within minutes to a few hours.
advice-tls-port = Match port and encryption: port 465 with SSL/TLS, port 587 with STARTTLS.
advice-tls-on = Switch on encryption: STARTTLS with TLS 1.2 or newer on port 587, or SSL/TLS on port 465. Old devices may need new firmware, or a relay that takes their mail inside the office.
advice-certificate = Look at the certificate: is it expired, made out for another name, or from an unknown issuer? Use the server name that is in the certificate, check the clock of the device, and see whether antivirus software or a proxy puts its own certificate in between.
advice-smtp-auth-off = Have the mail admin allow SMTP AUTH for this one mailbox, or move the device or program to OAuth or to a relay. A new password does not help here.
advice-app-password = Make an app password (or authorisation code) in the account’s security settings and enter it instead of the ordinary password, or sign in with OAuth.
advice-password = Sign in to webmail with the same user name and password. If that fails, reset the password. If it works, enter the full mail address as user name and the password anew in the mail program.
advice-login-on = Switch on the login for the outgoing server in the program or device: full mail address, password, port 587 with STARTTLS.
advice-account = Make the account safe before anything else: scan the device, change the password, end open sessions, remove unknown forwarding rules. Then have the admin or the provider lift the block.
advice-quota = Stop bulk jobs and wait until the limit is reset, commonly within 24 hours. If the user did not send that much, treat the account as misused: change the password and scan the device.
advice-send-as = Set the From address to the address of the account that logs in, or have the admin allow this account to send as it. Check that the address is spelt right and its domain exists.
advice-smarthost = Do not deliver straight from this line: send through the provider’s outgoing server, with a login.
advice-relay = Check the outgoing server in the program or device, and that it logs in. If the recipient is at our own domain, that server does not know the domain as its own: check the MX records and the accepted domains.
advice-scan = Scan the device and the file before anything is sent again. If the file is clean, send it through a sharing link.
advice-sharing-link = Put the file on a file share and send the link. In the mail an attachment grows by about a third.
advice-ptr = Ask whoever provides the line or server for a PTR record of the sending IP address, with a name whose A or AAAA record leads back to it.
advice-helo = Set the host name that the sending server greets with (HELO) to a full name that exists in DNS, such as `mail.example.com`.
advice-records = Find the server that really sent this mail. It has to be in the SPF record, or to sign with DKIM for the domain in From.
advice-delist = Look the sending IP address up at the list that is named. Stop the cause first, then ask for removal there. On a home or dynamic line, send through the provider’s server instead.
advice-delist-infected = Look for an infected or hijacked machine behind the sending IP address and clean it. Only then ask for removal from the list.
advice-ask-recipient = Reach the recipient by phone or chat and have their mail admin allow the sender, or the group accept mail from outside.
advice-suppressed = Check the address with the recipient, then take it off the suppression list of the sending service.
advice-slow-down = Send more slowly and over fewer connections, and look for a bulk job or a misused account that fills the queue.
advice-fewer-recipients = Split the mail into several with fewer recipients each, or use a mailing list.
advice-loop = Look where the mail goes round: MX records, connectors, forwarding rules and aliases that point back at each other.
advice-tell-recipient = Tell the recipient by phone or chat to make room, then send it again. There is nothing to fix on the sender’s side.
advice-other-way = Reach the recipient another way and ask for an address that is in use.
advice-check-address = Compare the address letter by letter, remove it from the mail program’s suggestions, and confirm it with the recipient by phone or chat.
advice-check-domain = Check the part after the @ for a typo. If it is right, tell the recipient that their domain cannot take mail.
advice-content = Send a short plain-text mail without links, images and attachments. If that arrives, the content was the reason: leave out what looks like advertising. If it does not, check SPF, DKIM and DMARC.
advice-program = Find out which program or script made the mail, and have it corrected: one From, Date and Message-ID, lines below 998 octets, proper line ends.
advice-outgoing-server = Check the name of the outgoing server and port 587 or 465 in the program or device. Then try from another network, such as a phone’s hotspot, without VPN and antivirus mail scanning.
advice-their-server = Check that the recipient’s domain is spelt right, then whether their mail host answers on port 25. If other mail leaves, the fault is at their end or on the way.
advice-their-fault = Wait a while and send it again. If it goes on, give the recipient’s mail admin the full error text by phone or from another account.

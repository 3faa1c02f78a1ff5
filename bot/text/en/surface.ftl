# The parent message: one per run, edited in place.

parent-checking = Checking { $target }
parent-done = { $target }: { $verdict }
parent-interrupted = { $target }: the check was interrupted
parent-progress = { $done } of { $total } steps done
parent-took = { $total } steps in { $took }
parent-asked = Asked by { $who }, { $when }
parent-step = { $check }: { $title }
parent-fine = Fine: { $checks }
parent-noticed = Fine, with a remark: { $checks }
parent-running = Running: { $checks }
parent-waiting = Waiting: { $checks }
parent-left-out = Left out, because they build on “{ $because }”: { $checks }
parent-not-reached = Not reached: { $checks }
parent-unread = { $count ->
    [one] One result
   *[other] { $count } results
 } left out: written by another version of Mailcheck

# What the ticket says.

case-sender-ip = sending IP { $value }
case-sender = from { $value }
case-recipient = to { $value }
case-selector = selector { $value }
case-size = { $value }
case-sent = { $count } sent { $per }
case-bounce = with a bounce
case-reference = ticket { $value }

# The thread.

step-title = { $check } · { $took }
step-fix = What to do:
step-paste = To paste:
step-figure = Term by term:
step-evidence = Evidence:
step-fallback = { $checks }: { $verdict }

# The summary.

summary-title = { $target }: result
summary-cause = Most likely cause: { $cause }
summary-clear = Nothing found that stops mail
summary-clear-few = Nothing found that stops mail in what was asked for: { $checks }
summary-clear-next = Find the address the mail left from (in the bounce, or in the Received line that the recipient’s server added), and check again with `ip:` and that address. With `to:` and `selector:` the way of the one message is followed further. Without these, only the mail system is seen, not the single message. If the mail program itself cannot connect, the commands under “To check by hand” (see Details) try the way from the user’s desk.
summary-open = Could not tell what stops the mail
summary-open-points = Nothing found that stops mail, but some points are open
summary-open-next = Run the check again in a few minutes. If the same points stay open, look at the way from the bot to the servers named there.
summary-unexplained = Found, but not tied to one cause
summary-confidence = How sure:
summary-owner = Who has to act:
summary-first = First step:
summary-resend = User: send the mail again. What the bounce complained about is well by now; if the same error comes back, check again with the new one.
summary-more = The steps after that are told in the thread, under { $checks }.
summary-shown-by = Shown by:
summary-bounce-only = Only the bounce says so; the live checks did not see it.
summary-also = Also possible
summary-also-cause = { $cause }. To act: { $owner }.
summary-untold = Could not tell
summary-interrupted = The check ended early, so this is a part of the picture

button-check-again = Check again
button-details = Details
button-handover = Hand-over text
button-export = Export

# History.

history-all = all targets
history-title = Last checks of { $what }
history-none = No checks of { $what } yet
history-line = { $when } · { $target } · { $verdict } · { $run }

diff-title = { $target }: what changed since { $since }
diff-same = Nothing changed
diff-appeared = New:
diff-gone = Gone:

last-title = { $target }, last checked { $when }: { $verdict }

# Help. The command stands before each line.

help-title = Mailcheck looks for the reason why mail is not sent or does not arrive
help-check = check a domain, mail address, IP address or host
help-hints = the same, with what the ticket says; the more it says, the better the answer
help-bounce = paste an error mail and have it explained
help-limits = the sending limits of a provider, with source and date
help-history = what was found before, by target, ticket or person
help-last = the last result for a target
help-diff = what changed since the last check
help-export = the whole check with its evidence, to hand over
help-private = add the word private, and only you see the answer

# Mistakes. Seen by the typist only.

mistake-no-target = { $about ->
    [none] What should be checked is missing
   *[other] { $about } needs a domain, an address or a name after it
 }
mistake-bad-target = { $word } is not a domain, an address or a host name: { $reason }
mistake-two-targets = One thing at a time, please: { $word } is one too many
mistake-network = { $word } is a network. Please give one address.
mistake-unknown-word = { $suggestion ->
    [none] { $word } is not known
   *[other] { $word } is not known. Did you mean { $suggestion }?
 }
mistake-unknown-key = { $suggestion ->
    [none] { $word } is not known
   *[other] { $word } is not known. Did you mean { $suggestion }?
 }
mistake-unknown-check = { $suggestion ->
    [none] There is no check { $word }
   *[other] There is no check { $word }. Did you mean { $suggestion }?
 }
mistake-not-here = { $word } does not go with { $about }
mistake-bad-value = { $word ->
    [none] { $about } needs a value
   *[other] { $reason ->
        [none] { $word } does not fit { $about }
       *[other] { $word } does not fit { $about } because { $reason }
     }
 }
mistake-twice = { $about } is given twice
mistake-pasted-text = This looks like an error mail or a server’s reply. Please paste it into the form that the word { $suggestion } opens.
mistake-password = This looks like a password. It was not kept, but others may have seen it: please change it. To test a login, run { $suggestion } in a terminal on the machine of the bot; it asks for the password without showing it.
mistake-unknown-run = There is no check with the number { $run }
mistake-unknown-provider = { $suggestion ->
    [none] No provider of our data has the name { $word }. With a domain in its place, Mailcheck finds out who has its mail.
   *[other] No provider of our data has the name { $word }. Did you mean { $suggestion }?
 }
mistake-example = Example: { $example }

# Notices.

notice-invite = Mailcheck is not in this channel, so it cannot answer here for all to see. Type { $command } and run the check again.
notice-queued = { $ahead ->
    [one] One check is ahead of this one
   *[other] { $ahead } checks are ahead of this one
 }. It starts by itself.
notice-not-allowed = Mailcheck cannot be used here or by this account. Please ask whoever runs the bot.
notice-running = { $target } is being checked here right now. The result will be in that thread.
notice-too-many = Too many checks in a short time, so this one was not started. Please try again in a minute.
notice-never-good = There is no check of { $target } in which all was well, so there is nothing to compare with
notice-login = A login is tested in a terminal only, with { $command }: a password does not belong in Slack.
notice-not-yet = { $command } is not available here
notice-form-late = The form could not be opened in time. Please type the command again.
notice-fault = Something went wrong on our side. Please tell whoever runs the bot this number: { $incident }

# The export.

export-title = Mail check of { $target }
export-run = Run { $run }, { $when }, Mailcheck { $version }
export-steps = Steps
export-evidence = Evidence
export-no-answer = no answer

# The message to whoever must act. It goes by mail or into a form, as plain text.

handover-title = To send to: { $owner }
handover-anybody = whoever runs the mail of the sender, or their provider
handover-subject = Subject: mail of { $target }: { $about }
handover-no-cause = not sent or not delivered
handover-hello = Hello,
handover-found = Mail of { $target } is not sent or not delivered as it should be. We looked at it on { $when } and found this:
handover-nothing = Mail of { $target } is not sent or not delivered as it should be. We looked at it on { $when } and found no fault that can be seen from outside. Please look in the logs of your mail servers for mail of this domain at the time of the failure, and tell us what they say.
handover-ask = What we ask you to do:
handover-evidence = Evidence (question, server, time, answer):
handover-reference = Our reference: { $value }. Please keep it in your reply.
handover-close = On request we name the sender, the recipient and the Message-ID of one mail that failed. Thank you.

# The form for an error mail. Its title and buttons may have 24 characters.

form-title = Explain an error mail
form-submit = Explain
form-close = Cancel
form-text = The error mail, the line with the error number, or what a command printed
form-hint = Up to 3,000 characters: the part with the reason is enough. Passwords do not belong here. The text is not kept.
form-live-label = Afterwards
form-live = Check the domain it is about, in a thread here for all to see

# What the commands at the user’s desk printed.

desk-title = What the user’s desk saw
seen-resolved = The name of the server is known there. DNS is not the trouble.
seen-no-such-name = The name is not known there. Check it for a typo; if it is right, the name server of that network does not know it: try the same command in another network, such as a phone’s hotspot.
seen-name-server-failed = The name server of that network does not answer, or answers with an error. Network admin: look at the DNS server the device uses.
seen-open = The connection gets through. If the mail program still cannot send, look at its settings for TLS and login, not at the network.
seen-refused = The connection is refused at once: nothing listens on that port there, or a firewall turns it away. Compare it with another network, such as a phone’s hotspot; if it works there, the network admin has to open the port.
seen-timed-out = Nothing answers: a firewall or the internet provider most likely drops the connection. Try port 465 or 587 instead of 25, and another network; if it works there, the network admin or the internet provider has to open the port.
seen-no-route = There is no way there from that network, most often because it has no IPv6. Try the IPv4 address, or another network.
seen-blocked = The connection does not come about. Compare it with another network, such as a phone’s hotspot; if it works there, a firewall or the internet provider is in the way.
seen-tls-valid = The certificate is the server’s own, and valid. Encryption is not the trouble.
seen-tls-expired = The certificate has expired, or the clock of the device is wrong. Check the date of the device first, then tell the provider.
seen-tls-wrong-name = The certificate is for another name. Check the name of the server in the mail program; if it is right, tell the provider.
seen-tls-untrusted = The device does not trust the certificate: it was made by nobody it knows, or a part of its chain is missing. Tell whoever runs the server.
seen-tls-intercepted = A virus scanner or a proxy stands in the middle and shows a certificate of its own. Network admin: except the mail server from it, or have its certificate installed on the device.
seen-tls-none = There is no TLS on that port. Check the port and the kind of encryption: 465 is TLS from the start, 587 is STARTTLS.
explain-message = This is a mail or its headers, and not a bounce. With { $command }, its signatures, its way and its sender are checked live.

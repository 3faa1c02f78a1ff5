# What any check may be given by the scheduler.

CHECK_CRASHED = This step failed because of a fault in Mailcheck
    .detail = Nothing is known about this point. The fault is ours and says nothing about the mail system; it is in the log of the bot.
    .fix = Help desk: run the check again. If it fails again, tell whoever runs the bot.

CHECK_TIMED_OUT = This step did not finish within { $after }
    .detail = The servers asked were too slow, so this point is open. Slow is not the same as broken: what came back in time is kept in the evidence.
    .fix = Help desk: run the check again in a few minutes.

CHECK_SKIPPED = Left out: this step builds on “{ $because }”
    .detail = “{ $because }” gave nothing that this step could build on. Any answer here would be a guess.
    .fix = Help desk: look at “{ $because }” first, then run the check again.

# Verdicts.

severity-ok = fine
severity-notice = fine, with a remark
severity-unknown = could not tell
severity-warning = needs attention
severity-problem = problem found

state-open = running
state-done = finished
state-interrupted = interrupted

confidence-confirmed = confirmed (the bounce says so and a live check shows it)
confidence-likely = likely
confidence-possible = possible (some receivers mind this)
confidence-contradicted = it may be over (the bounce says so, but the live checks find all well by now)

window-minute = per minute
window-hour = per hour
window-day = per day

# The checks.

check-domain = Domain
check-authority = Name servers
check-mx = Mail hosts (MX)
check-reverse = Reverse DNS
check-spf = SPF
check-dkim = DKIM
check-dmarc = DMARC
check-role = Use of the domain
check-drift = MX and SPF together
check-mta-sts = MTA-STS
check-tls-rpt = TLS reports (TLS-RPT)
check-dane = DANE
check-bimi = Logo (BIMI)
check-receiving = Receiving servers
check-submission = Sending servers and login
check-blocklists = Blocklists
check-provider = Mail provider
check-provider-status = Provider’s own status
check-limits = Sending limits
check-size = Size of the message
check-by-hand = To check by hand

# The chapters.

remedy-reputation = Blocklists and malware
remedy-limits = Sending limits
remedy-smtp-auth = SMTP login and connection
remedy-dns = DNS records
remedy-provider = Ask the mail provider
remedy-network = The way to the server
remedy-size = Size of the message

# Why a question has no answer.

trouble-timeout = no answer in time
trouble-servfail = the DNS resolver could not get an answer (SERVFAIL)
trouble-bogus = the DNSSEC signatures of the zone do not hold, so the resolver withholds the answer
trouble-refused = the DNS server refuses to answer us (REFUSED)
trouble-formerr = the DNS server does not understand the question (FORMERR)
trouble-lame = the DNS server named for the zone does not serve it
trouble-leads-away = the name is an alias, and the DNS server asked does not know what it stands for
trouble-bad-answer = what came back is not a valid answer
trouble-tcp-blocked = the answer is too long for UDP, and DNS over TCP does not get through
trouble-too-big = the answer is larger than Mailcheck reads
trouble-server-unreachable = Mailcheck cannot reach its own DNS resolver
trouble-bad-name = the name is not one that DNS can be asked for
trouble-overloaded = Mailcheck was too busy; please check again
trouble-enough-asked = this check has asked as many questions as one check may
trouble-guarded = the address is private, and Mailcheck does not connect to private addresses
trouble-connection-refused = nothing listens on that port (connection refused)
trouble-network-unreachable = there is no route from here to that address
trouble-disconnected = the server closed the connection half-way
trouble-not-smtp = what answers there does not speak SMTP
trouble-tls-failed = the encrypted connection (TLS) could not be set up
trouble-no-address = the host name has no IP address
trouble-http-status = the web server did not hand out the document

# Why a text is no domain name.

name-empty = there is nothing in it
name-too-long = it is longer than a domain name can be
name-bad-label = it holds a character or a part that a domain name cannot have
name-single-label = it has no dot in it
name-numeric-top = it ends in a number, but it is not an IP address

# Lists and units.

list-two = { $items } and { $last }
list-separator = { ", " }
list-more = { $items } and { $rest } more
unit-seconds = { $seconds } s
unit-minutes = { $count } minutes
unit-hours = { $count } hours
unit-days = { $count } days

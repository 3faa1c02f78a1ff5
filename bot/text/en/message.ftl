check-message = The message itself

# What was pasted.

MESSAGE_UNREADABLE = What was pasted is not a message and holds no headers
    .detail = None of the lines that every message begins with was found in it (`From:`, `Date:`, `Received:` and others). So nothing is known about the message.
    .fix = Help desk: open the message where it arrived, choose “show original”, “view source” or “internet headers”, and paste everything from the first line on, without retyping or translating anything. Best of all, save it as an `.eml` file and hand in the file.

MESSAGE_TOO_BIG = The message is too long to be read whole
    .detail = Mailcheck reads the first { $limit } and a limited number of headers. That part was judged. Signatures cannot be verified without the rest.
    .fix = Help desk: if a signature is in question, send a test message without attachments the same way, and hand in that one.

# From and its neighbours.

MESSAGE_FROM_MISSING = The message has no From line
    .detail = Every message must say who wrote it. Many receivers refuse one that does not, and DMARC cannot be applied.
    .fix = Mail admin: correct the program or script that made the message, so that it writes a `From:` line with one address of your domain.

MESSAGE_FROM_NOT_PASTED = Could not tell who the message is from: there is no From line in what was pasted
    .detail = Probably only a part of the headers was copied. Without From, DMARC cannot be checked.
    .fix = Help desk: paste all headers, from the first line to the last, or the whole message.

MESSAGE_FROM_UNREADABLE = The From line holds no usable mail address
    .detail = It says { $text }. Receivers need exactly one address with a domain there. Many refuse such a message.
    .fix = Mail admin: correct the program or script that made the message, so that From is of the form `Name <user@example.com>`.

MESSAGE_SEVERAL_FROM = The message names authors of several domains: { $domains }
    .detail = Receivers differ in what they do with it: some refuse it, some apply the strictest policy of these domains.
    .fix = Mail admin: let the program that made the message write one address into From. If the header has two From lines, the second was added on the way or by the program.

MESSAGE_FIELD_REPEATED = Header lines are there more than once: { $names }
    .detail = Each of them may be there once. With two, nobody knows which one people will see, so some receivers refuse or junk such a message. The second line may also break a DKIM signature made before it was added.
    .fix = Mail admin: find out what adds the second line: usually a script, a gateway or a disclaimer product. Let it replace the line and not add one.

# DMARC.

MESSAGE_DMARC_PASS = Checked now, the message passes DMARC for { $domain }
    .detail = It passes by { $by }, for a domain that belongs to the one in From. With the DNS records of today, receivers have no reason to refuse it for lack of authentication; if records were changed since, they may have found something else.

MESSAGE_DMARC_SPF_ONLY = The message passes DMARC by SPF alone
    .detail = As soon as somebody forwards it, another server sends it, SPF fails, and nothing is left that speaks for { $domain }. A DKIM signature usually survives forwarding.
    .fix = Mail admin: switch on DKIM signing for { $domain } at the service that sent this message.

MESSAGE_DMARC_FAIL = The message fails DMARC for { $domain }
    .detail = SPF: { $spf ->
        [strict] passes, but the DMARC record wants exactly the domain in From
        [other] passes for somebody else’s domain
        [failed] does not pass
       *[absent] there is nothing that could pass
    }. DKIM: { $dkim ->
        [strict] the signature holds, but the DMARC record wants exactly the domain in From
        [other] the signature holds for somebody else’s domain
        [failed] no signature holds
       *[absent] not signed
    }. { $policy ->
        [quarantine] The domain asks receivers to treat such mail as suspicious, so it usually goes to junk.
        [none] The domain asks for nothing in particular, but large providers may junk or refuse mail that nothing speaks for.
        [unknown] What the domain asks receivers to do could not be checked.
       *[other] The policy is { $policy }.
    }
    .fix = { $dkim ->
        [failed] Mail admin: there is a signature, and it does not hold; the other findings of this step say why. Correct that first: a signature of { $domain } that holds is enough.
       *[other] Mail admin: let the service that sent this message sign with DKIM as { $domain } (its pages call it domain authentication). DNS admin: publish the records that it shows.
    }

MESSAGE_DMARC_REJECT = The message fails DMARC, and { $domain } asks receivers to refuse it
    .detail = SPF: { $spf ->
        [strict] passes, but the DMARC record wants exactly the domain in From
        [other] passes for somebody else’s domain
        [failed] does not pass
       *[absent] there is nothing that could pass
    }. DKIM: { $dkim ->
        [strict] the signature holds, but the DMARC record wants exactly the domain in From
        [other] the signature holds for somebody else’s domain
        [failed] no signature holds
       *[absent] not signed
    }. The policy is `reject`, so most receivers turn the message away.
    .fix = { $dkim ->
        [failed] Mail admin: there is a signature, and it does not hold; the other findings of this step say why. Correct that first: a signature of { $domain } that holds is enough.
       *[other] Mail admin: let the service that sent this message sign with DKIM as { $domain } (its pages call it domain authentication). DNS admin: publish the records that it shows.
    } If nobody knows the service that sent it, the message is probably forged, and the policy did its work.

MESSAGE_DMARC_UNKNOWN = Could not tell whether the message passes DMARC for { $domain }
    .detail = SPF: { $spf ->
        [unknown] not known
        [strict] passes, but not for exactly the domain in From
        [other] passes for somebody else’s domain
       *[failed] does not pass
    }. DKIM: { $dkim ->
        [unknown] not known
        [strict] holds, but not for exactly the domain in From
        [other] holds for somebody else’s domain
        [absent] not signed
       *[failed] no signature holds
    }. What is not known may pass.
    .fix = Help desk: hand in the whole message as it arrived at the recipient, as an `.eml` file. If DNS did not answer, check again in a few minutes.

# Signatures.

MESSAGE_NOT_SIGNED = The message is not signed with DKIM
    .detail = It arrived without a signature, so only SPF can speak for { $domain ->
        [none] the sender
       *[other] { $domain }
    }, and SPF is lost as soon as somebody forwards the message. Large providers want both from those who send much.
    .fix = Mail admin: switch on DKIM signing at the service that sent it. DNS admin: publish the key it shows.

MESSAGE_SIGNATURE_NOT_SEEN = Could not tell whether the message is signed
    .detail = There is no DKIM signature in what was pasted, but nothing shows that this is how it arrived with all its headers. Servers sign on the way out, so the copy in the “Sent” folder never has one.
    .fix = Help desk: get the message from the recipient’s mailbox, with all headers, and hand in that one.

MESSAGE_SIGNATURE_VALID = Checked now, the DKIM signature of { $domain } holds
    .detail = Body and signed headers are as { $domain } signed them, and the key at selector { $selector } fits.

MESSAGE_SIGNATURE_TAG_MISSING = A DKIM signature is incomplete
    .detail = { $domain ->
        [none] It
       *[other] The signature of { $domain }
    } lacks { $tags }. Receivers skip it.
    .fix = Mail admin: update or correct the program that signs. If the header was copied, check that the whole line `DKIM-Signature:` with its continuation lines was pasted.

MESSAGE_SIGNATURE_UNUSABLE = A DKIM signature { $domain ->
        [none] cannot be used
       *[other] of { $domain } cannot be used
    }
    .detail = { $flaw ->
        [too_long] The line is longer than any signature.
        [bad_tag] There is something in it that is not of the form `tag=value`: { $part }.
        [duplicate_tag] The tag { $part } stands in it twice.
        [version] Its version must be `v=1`, and it says { $part }.
        [algorithm] It names an algorithm that does not exist: { $part }.
        [sha1] It was made with { $part }. SHA-1 must not be used any more.
        [canonicalization] It names an unknown canonicalization after `c=`: { $part }.
        [query_method] It does not let the key be fetched from DNS: { $part }.
        [base64] The signature or hash in it is damaged: { $part }.
        [number] A time or length in it is no number: { $part }.
        [domain] What stands after `d=` is no domain: { $part }.
       *[expires_before_signed] It expires before it was made: { $part }.
    } Receivers skip it.
    .fix = Mail admin: update or correct the program that signs. If the header was copied by hand, hand in the original message first.

MESSAGE_SIGNATURE_IDENTITY_OUTSIDE = The DKIM signature of { $domain } speaks for a domain that is not its own
    .detail = It names { $identity } after `i=`, which is neither { $domain } nor below it. Receivers treat it as failed (selector { $selector }).
    .fix = Mail admin: remove the tag `i=` from the configuration of the signer, or set it to { $domain }.

MESSAGE_SIGNATURE_FROM_UNSIGNED = The DKIM signature of { $domain } leaves out From
    .detail = From must be among the signed headers, and it is not (selector { $selector }). Receivers treat the signature as failed.
    .fix = Mail admin: add `From` to the list of headers that the signer signs.

MESSAGE_SIGNATURE_EXPIRED = The DKIM signature of { $domain } had expired when the message arrived
    .detail = It was good until { $expired }, and the message came { $late } later (selector { $selector }). The message waited too long on the way, or a clock is wrong.
    .fix = Mail admin: let signatures live longer than mail may wait in the queue, seven days for example. Look at the waiting times in this step.

MESSAGE_SIGNATURE_FROM_FUTURE = The DKIM signature of { $domain } was made in the future
    .detail = It is dated { $signed }, { $early } after the message arrived (selector { $selector }). Some receivers treat it as failed.
    .fix = Mail admin: set the clock of the server that signs, and let it keep time by NTP.

MESSAGE_STRICT_IDENTITY = The DKIM key of { $domain } does not allow signing for a subdomain
    .detail = The key at { $selector } carries `t=s`, and the signature names { $identity } after `i=`. Receivers treat it as failed.
    .fix = Mail admin: remove `i=` from the configuration of the signer. Or, DNS admin: remove `t=s` from the key record.

MESSAGE_KEY_MISSING = The key of the DKIM signature of { $domain } is not in DNS
    .detail = The message is signed with selector { $selector }, and there is no key now. Receivers treat such a message as unsigned. The key was never published, was published under another name, or was deleted; for an old message that is normal.
    .fix = Mail admin: look up the DKIM record for { $selector } at the service that signs. DNS admin: publish exactly that record.

MESSAGE_KEY_REVOKED = The key of the DKIM signature of { $domain } is revoked
    .detail = The record at { $selector } is there with an empty `p=`. A message signed with it counts as unsigned. For an old message this is normal.
    .fix = Mail admin: if new mail is still signed with { $selector }, let the server sign with the current selector.

MESSAGE_KEY_UNUSABLE = The key of the DKIM signature of { $domain } cannot be used
    .detail = What stands in DNS at selector { $selector } is damaged, is not of the kind the signature needs, or is there several times.
    .fix = Help desk: check { $domain } with `selector:` and { $selector }; the DKIM step tells what is wrong with the record. DNS admin: publish the record again, exactly as the service that signs shows it.

MESSAGE_KEY_UNKNOWN = Could not verify the DKIM signature of { $domain }: its key was not to be had
    .detail = The DNS question for selector { $selector } was not answered: { $reason }. That says nothing about the signature. Receivers who meet the same may put the mail off.
    .fix = Help desk: check again in a few minutes. If it stays so, the DNS admin checks the name servers.

MESSAGE_KEY_TESTING = The key of the DKIM signature of { $domain } is marked as a test
    .detail = The record at { $selector } carries `t=y`. Receivers may treat the message as unsigned.
    .fix = DNS admin: remove `t=y` from the record once signing works.

MESSAGE_BODY_NOT_PASTED = Could not verify the DKIM signature of { $domain }: the text of the message is missing
    .detail = { $header ->
        [intact] The signed headers are exactly as { $domain } signed them (selector { $selector }). Whether the text was changed cannot be seen from headers.
       *[changed] The headers do not fit the signature either (selector { $selector }), but copying often changes spaces and line ends, so this proves nothing.
    }
    .fix = Help desk: save the message as an `.eml` file in the recipient’s mailbox (not by copying from the window), and hand in the file.

MESSAGE_BODY_CHANGED = The text as it was handed in is not the one that { $domain } signed
    .detail = Something changed the body after the signature was made (selector { $selector }): for example a footer or disclaimer, a virus scanner’s banner, a mailing list, or a server that recoded it. { $forwarded ->
        [likely] The headers look as if the message had been passed on, which fits.
       *[no] Nothing in the headers points at forwarding, so look at your own outgoing gateway first.
    } { $header ->
        [intact] The signed headers are unchanged.
       *[changed] The signed headers do not fit either.
    } If the message was copied from a window and not saved as a file, the copying may have done it.
    .fix = Help desk: if the message was copied, first hand in the original as an `.eml` file. Mail admin: if that says the same, let the footer, banner or scanner come before signing, or sign at the last server.

MESSAGE_SIGNATURE_MISMATCH = A signed header of the message was changed, or the key of { $domain } is another
    .detail = The text is as signed, but the signature does not fit (selector { $selector }). Usually a gateway rewrote Subject, To or From after signing, or the server signs with a key other than the one in DNS.{ $canonicalization ->
        [simple] {" "}The signer uses `c=simple` for headers, where one more space is enough to break it.
       *[relaxed] {""}
    }{ $forwarded ->
        [likely] {" "}The headers look as if the message had been passed on; a list that marks the subject does this.
       *[no] {""}
    }
    .fix = Mail admin: compare the key the server signs with and the record at { $selector }. If they agree, look for what rewrites headers after signing (a tag like `[EXTERNAL]`, an address rewrite){ $canonicalization ->
        [simple] , and set the signer to `c=relaxed/relaxed`
       *[relaxed] {""}
    }.

MESSAGE_BODY_PARTLY_SIGNED = The DKIM signature of { $domain } covers only a part of the text
    .detail = It uses `l=` and signs the first { $length }; { $unsigned } behind that are not signed. Anybody may add text there without breaking the signature (selector { $selector }), and some receivers do not count such a signature.
    .fix = Mail admin: switch off the body length (`l=`) in the configuration of the signer.

MESSAGE_NOT_OVERSIGNED = A second line could be added without breaking the signature: { $names }
    .detail = The signature of { $domains } names these headers as often as they are there. Whoever gets hold of the message can add another one above and send it on as genuine. This has no effect on delivery.
    .fix = Mail admin: if the signer offers it, let it name these headers once more than they occur (“oversigning”).

MESSAGE_SIGNATURES_LEFT_OUT = Not all DKIM signatures were verified
    .detail = Mailcheck verifies the first { $limit }; { $left_out } more were left out. Receivers have such limits too.

MESSAGE_SIGNED_FOR_OTHER = The message is signed, but not as { $author }
    .detail = The signature holds for { $domains }, usually the service that sent it. That does not help { $author } with DMARC.
    .fix = Mail admin: switch on DKIM for { $author } itself at that service (often called domain authentication or custom DKIM). DNS admin: publish the records that it shows.

# SPF.

MESSAGE_SPF_PASS = Checked now, SPF passes: { $address } may send for { $domain }
    .detail = Evaluated now, for the address that handed the message over and the domain of its envelope sender.

MESSAGE_SPF_NOT_PASS = SPF does not pass: { $address } sent for { $domain }
    .detail = Evaluated now, the result is { $result ->
        [none] `none`: the domain has no SPF record
        [permerror] `permerror`: the record has an error that makes receivers drop it
        [fail] `fail`: the record asks receivers to refuse mail from this address
       *[softfail] { $result }: the record does not list this address
    }.
    .fix = Help desk: find out whose server { $address } is. If it is yours or your mail service’s, the DNS admin adds it to the SPF record of { $domain }. Check { $domain } with `ip:` and the address to see the record.

MESSAGE_SPF_FORWARDED = SPF does not pass, because the message was passed on
    .detail = The recipient’s side took it from { $address }, a server on the way that is not in the SPF record of { $domain }. This is how SPF works with forwarding and no fault of the record. What counts then is a DKIM signature of the sender’s domain.
    .fix = Mail admin: see in this step whether such a signature is there and holds. Do not add the forwarding server to the record.

MESSAGE_SPF_UNKNOWN = Could not tell whether { $address } may send for { $domain }
    .detail = { $reason ->
        [none] The record asks for something that the headers do not tell.
       *[other] A DNS question on the way was not answered: { $reason }. That is no fault of the record.
    }
    .fix = Help desk: check again in a few minutes, with all headers.

MESSAGE_SPF_NOT_EVALUATED = Could not evaluate SPF: the headers do not tell { $missing ->
        [address] which server sent the message
        [greeting] how the sending server introduced itself
       *[mail_from] the envelope sender
    }
    .detail = { $missing ->
        [address] There is no `Received:` line in which one organisation takes the message from another. The copy in a “Sent” folder has none, and mail within one provider may have none either.
        [greeting] The envelope sender is empty, as for bounces, and then the name of the sending server counts.
       *[mail_from] The recipient’s server notes it in `Return-Path:`, and this line is not there.
    }
    .fix = Help desk: get the message from the recipient’s mailbox, with all headers.

# What servers noted.

MESSAGE_RECEIVER_RESULTS = The headers name the results that { $server ->
        [none] a server
       *[other] { $server }
    } found when it took the message
    .detail = SPF: { $spf ->
        [none] not noted
       *[other] { $spf }
    }. DKIM: { $dkim ->
        [none] not noted
       *[other] { $dkim }
    }. DMARC: { $dmarc ->
        [none] not noted
       *[other] { $dmarc }
    }. These are the words of the newest `Authentication-Results:` line. They count if that server is the recipient’s.

MESSAGE_RESULT_DIFFERS = { $method } comes out differently now than the headers say
    .detail = { $server ->
        [none] A server
       *[other] { $server }
    } noted { $claimed }; now it is { $now }. Either DNS has been changed since, or the message was changed on the way here, or the line is forged.
    .fix = Help desk: if the record was corrected in between, send a new test message. Otherwise hand in the original as an `.eml` file, and go by what comes out then.

MESSAGE_ARC_CHAIN = By the headers, servers on the way sealed what they found (ARC; seals not verified)
    .detail = { $sets ->
        [one] There is one seal
       *[other] There are { $sets } seals
    }, by { $sealers ->
        [none] servers that do not name themselves
       *[other] { $sealers }
    }. A receiver that trusts them may accept the message although forwarding broke SPF or the signature. Mailcheck does not verify the seals.

MESSAGE_ARC_BROKEN = The ARC chain of the message is broken
    .detail = { $sets ->
        [one] The only set of seals is
       *[other] The { $sets } sets of seals are
    } not whole or marked as failed. Receivers then do as if there were none. This alone stops no mail.

# The way.

MESSAGE_ROUTE = By its headers, the message went out from { $address }
    .detail = { $by ->
        [none] Another organisation
       *[other] { $by }
    } took it from this address. { $confidence ->
        [noted] The recipient’s server noted it.
        [received] The recipient’s own `Received:` line says so.
       *[claimed] An older `Received:` line says so, which could be forged.
    }{ $last ->
        [none] {""}
       *[other] {" "}It was passed on after that: the recipient’s side took it from { $last }.
    } There { $hops ->
        [one] is one `Received:` line
       *[other] are { $hops } `Received:` lines
    } in all.

MESSAGE_SLOW_HOP = By its headers, the message waited { $delay } on its way
    .detail = It lay at { $source ->
        [none] an earlier server
       *[other] { $source }
    } until { $by ->
        [none] the next server
       *[other] { $by }
    } took it. { $slow ->
        [one] That is the only long wait.
       *[other] That is the longest of { $slow } long waits.
    } Commonly the next server asked to try again later (greylisting, a limit), or the queue was long.
    .fix = Mail admin of { $source ->
        [none] that server
       *[other] { $source }
    }: look up the message in the log there; the replies of the next server say why.

MESSAGE_CLOCK_WRONG = A server on the way seems to have a wrong clock
    .detail = { $host ->
        [none] A server
       *[other] { $host }
    } { $compared ->
        [now] noted a time that is { $off } in the future.
       *[before] noted a time { $off } before that of the server before it, so one of the two is wrong.
    } Waiting times next to it cannot be trusted and are not shown.
    .fix = Mail admin: if one of these servers is yours, let it keep time by NTP. A clock that is far off also spoils signatures and TLS.

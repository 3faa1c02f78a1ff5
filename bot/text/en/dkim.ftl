DKIM_KEY_FOUND = DKIM: { $domain } has a usable key at selector { $selectors }
    .detail = Mail from { $domain } that is signed with { $selectors } can be verified by receivers. Whether a certain message was signed with it is told by its own header only.

DKIM_SELECTOR_UNKNOWN = Could not tell whether { $domain } has DKIM: the selector is not known
    .detail = A DKIM key is kept under a name, the selector, that only the sending server knows; DNS cannot list them. Mailcheck tried { $tried } and found no usable key there. { $published ->
        [some] DNS says that something is published under other names, so a key is probably there.
        [none] DNS says that nothing is published below the name where DKIM keys are kept, so probably nothing is signed as { $domain }. This is no proof.
       *[untold] This does not mean that DKIM is missing.
    }
    .fix = Help desk: have the user send a test to an outside mailbox that you can open, show its source (“show original” or “view source”), and find the line `DKIM-Signature:` and in it the words after `s=` (selector) and `d=` (domain). Then check again with `selector:` and that word. If there is no such line, the mail is not signed: the mail admin switches DKIM on at the mail provider.

DKIM_DMARC_RESTS_ON_SPF = Mail from { $domain } sent by { $sender_ip } passes DMARC by SPF only
    .detail = SPF passes, and Mailcheck knows of no usable DKIM key of { $domain }. If the mail is not signed, it fails as soon as somebody forwards it, because it then comes from another address, and receivers apply the DMARC policy { $policy }.
    .fix = Mail admin: switch DKIM on for { $domain } at the service that sends. Nothing to do if it is on: check again with `selector:` and the word after `s=` in the line `DKIM-Signature:` of a sent message.

DKIM_NO_KEY = There is no DKIM key at selector { $selectors } of { $domain }
    .detail = Mail signed with this selector cannot be verified, because the key is not in DNS. Receivers treat it as unsigned, and if SPF does not pass for { $domain } either, DMARC fails and the mail may be refused or go to junk.
    .fix = Mail admin: look up the DKIM record for { $selectors } at the mail provider. DNS admin: publish exactly that record. If the selector was typed by hand, compare it with the line `DKIM-Signature:` of a sent message first.

DKIM_MISPLACED = The DKIM key { $selectors } of { $domain } is in the wrong place
    .detail = { $record } was found at { $found_at }. Receivers look at `{ $selectors }._domainkey.{ $domain }`, find no key there and treat the mail as unsigned.
    .fix = DNS admin: move the record there. Many DNS panels add the domain by themselves: there the name to enter ends in `._domainkey`.
    .paste = { $selectors }._domainkey.{ $domain }. IN TXT "{ $record }"

DKIM_KEY_UNKNOWN = Could not tell whether { $domain } has a DKIM key at { $selectors }
    .detail = The DNS question was not answered: { $reason }. The key may well be there. Receivers who meet the same may delay the mail, or take it as unauthenticated.
    .fix = Help desk: run the check again in a few minutes. If it stays so, the DNS admin checks the name servers.

DKIM_ALIAS_DANGLING = The DKIM selector { $selectors } of { $domain } points to a key that is gone
    .detail = The selector is a CNAME for { $canonical }, and there is no key. Mail signed with it counts as unsigned. That happens when the provider has not made the key yet, or after the account there was closed.
    .fix = Mail admin: switch DKIM on for { $domain } at the provider that { $canonical } belongs to, or sign with another provider. DNS admin: then correct or delete the CNAME.

DKIM_SPARE_ALIAS_DANGLING = The DKIM selector { $selectors } of { $domain } is an alias of nothing
    .detail = It points to { $canonical }, where there is no key. If no mail is signed with it, this does no harm: some providers fill a second selector only when they change keys.
    .fix = Mail admin: if the provider behind { $canonical } is in use, check that DKIM is switched on there. DNS admin: delete the CNAME if it is not.

DKIM_KEY_REVOKED = The DKIM key at selector { $selectors } of { $domain } is revoked
    .detail = The record is there with an empty `p=`, which withdraws the key. Mail still signed with it counts as unsigned.
    .fix = Mail admin: let the server sign with the current selector, or make a new key. DNS admin: publish the new key.

DKIM_SPARE_KEY_REVOKED = The DKIM key at selector { $selectors } of { $domain } is revoked
    .detail = An empty `p=` withdraws the key. That is the right way to end an old key and does no harm, as long as no server signs with it any more.

DKIM_ALL_KEYS_REVOKED = { $domain } revokes all DKIM keys that are not published by name
    .detail = A wildcard (selector { $selectors }) answers for every selector with an empty key. That is right for a domain that sends no mail. If it does send, each selector in use needs a record of its own.
    .fix = Mail admin: if { $domain } sends mail, check that the selector in use has its own record.

DKIM_WILDCARD = A wildcard answers for every DKIM selector of { $domain }
    .detail = Whatever selector is asked for, DNS answers { $text }. So an answer does not show that somebody published a key there.
    .fix = DNS admin: limit the wildcard TXT record to the names it is meant for.

DKIM_MULTIPLE_RECORDS = There are { $records } TXT records at the DKIM selector { $selectors } of { $domain }
    .detail = There must be one. With several, each receiver does as it likes: some take the first, some fail. So mail passes in one place and fails in another.
    .fix = DNS admin: leave the one record that the mail provider shows, and delete the others. If one key was cut into several records, put it into one record with several strings.

DKIM_OTHER_TEXT = What stands at the DKIM selector { $selectors } of { $domain } is not a key
    .detail = The text there is { $part }. Mail signed with this selector counts as unsigned.
    .fix = DNS admin: replace the text by the DKIM record that the mail provider shows.

DKIM_BAD_TAG = The DKIM record at { $selectors } of { $domain } holds something that does not belong there
    .detail = { $part } is not of the form `tag=value`, which makes the whole record invalid. Often a line of the panel’s instructions was pasted along.
    .fix = DNS admin: paste the record again, exactly as the mail provider shows it.

DKIM_DUPLICATE_TAG = The DKIM record at { $selectors } of { $domain } has the tag { $part } twice
    .detail = Each tag may stand there once; a second one makes the record invalid for most receivers. Often two records were pasted into one.
    .fix = DNS admin: leave one record, exactly as the mail provider shows it.

DKIM_WRONG_VERSION = The DKIM record at { $selectors } of { $domain } has a wrong version
    .detail = The record says { $part } where it must say `DKIM1`, in capitals. Receivers discard the record, and the mail counts as unsigned.
    .fix = DNS admin: let the record begin with `v=DKIM1;`.

DKIM_VERSION_NOT_FIRST = The DKIM record at { $selectors } of { $domain } does not begin with its version
    .detail = If `v=DKIM1` is there, it must be the first thing in the record. Receivers discard the record otherwise.
    .fix = DNS admin: move `v=DKIM1;` to the front.

DKIM_KEY_MISSING = The DKIM record at { $selectors } of { $domain } holds no key
    .detail = There is no `p=` in the record, so nothing can be verified with it.
    .fix = DNS admin: paste the whole record again, exactly as the mail provider shows it.

DKIM_KEY_BAD_BASE64 = The DKIM key at { $selectors } of { $domain } was damaged when it was pasted
    .detail = The key holds the character { $part }, which a key cannot have. Mail signed with it fails the check.
    .fix = DNS admin: paste the record again from the mail provider’s page, through a plain text editor.

DKIM_KEY_TRUNCATED = The DKIM key at { $selectors } of { $domain } is cut off
    .detail = The end of the key is missing. Usually the form of the DNS provider took only 255 characters. Mail signed with it fails the check.
    .fix = DNS admin: enter the key again in full. If the form has a limit of 255 characters, split it into several quoted strings of one record, or ask the DNS provider how long values are entered.

DKIM_KEY_INVALID = What stands at { $selectors } of { $domain } in place of the DKIM key is no key
    .detail = The text after `p=` can be decoded, but it is no public key. Mail signed with it fails the check.
    .fix = Mail admin: make the key again and give the DNS admin the public half. DNS admin: replace the record.

DKIM_UNKNOWN_KEY_TYPE = The DKIM record at { $selectors } of { $domain } names an unknown key type
    .detail = The record says { $part }; there are only `rsa` and `ed25519`. Receivers ignore the key.
    .fix = DNS admin: correct `k=`, or paste the record again as the mail provider shows it.

DKIM_KEY_TYPE_MISMATCH = The DKIM key at { $selectors } of { $domain } is of another type than its record says
    .detail = The tag `k=` does not fit the key after `p=`, so signatures fail the check.
    .fix = DNS admin: paste the record again as the mail provider shows it. Without `k=` the type is `rsa`.

DKIM_ED25519_LENGTH = The Ed25519 key at { $selectors } of { $domain } has the wrong length
    .detail = Such a key has exactly 32 octets. Mail signed with it fails the check.
    .fix = Mail admin: make the record again from the key. DNS admin: replace it.

DKIM_ED25519_WRAPPED = The Ed25519 key at { $selectors } of { $domain } is written in the wrong form
    .detail = The key stands there with the header of its key file. Only the bare 32 octets belong after `p=`, so receivers cannot use it.
    .fix = Mail admin: give the DNS admin the last 32 octets of the public key in base64 (44 characters). DNS admin: replace what stands after `p=`.

DKIM_ED25519_ALONE = The only DKIM key seen at { $domain } is an Ed25519 key ({ $selectors })
    .detail = Many receivers cannot verify Ed25519 yet and treat such mail as unsigned.
    .fix = Mail admin: sign each message twice, with an RSA key of 2,048 bits as well.

DKIM_RSA_TOO_SHORT = The DKIM key at { $selectors } of { $domain } has only { $bits } bits
    .detail = Receivers must not accept keys below 1,024 bits, so the mail counts as unsigned.
    .fix = Mail admin: make a new key of 2,048 bits under a new selector. DNS admin: publish it before the server begins to sign with it.

DKIM_RSA_SHORT = The DKIM key at { $selectors } of { $domain } has { $bits } bits
    .detail = Receivers accept it. The standard recommends 2,048 bits.
    .fix = Mail admin: change to a key of 2,048 bits at the next opportunity, under a new selector.

DKIM_RSA_LONG = The DKIM key at { $selectors } of { $domain } has { $bits } bits
    .detail = Receivers need not support keys above 4,096 bits, so the mail counts as unsigned at some of them.
    .fix = Mail admin: change to a key of 2,048 bits under a new selector.

DKIM_NO_SHA256 = The DKIM record at { $selectors } of { $domain } does not allow SHA-256
    .detail = The record allows { $part } only. SHA-1 must not be used any more, so no signature can pass.
    .fix = DNS admin: remove the tag `h=` from the record.

DKIM_NOT_FOR_EMAIL = The DKIM record at { $selectors } of { $domain } excludes mail
    .detail = The record says `s=` { $part }. Only `*` or `email` lets the key be used for mail.
    .fix = DNS admin: remove the tag `s=` from the record.

DKIM_TESTING = The DKIM key at { $selectors } of { $domain } is marked as a test
    .detail = With `t=y`, receivers are to treat signed mail as unsigned. Many go by the signature all the same, some do not.
    .fix = DNS admin: remove `t=y` from the record once DKIM works.

DKIM_STRICT_IDENTITY = The DKIM key at { $selectors } of { $domain } is for the domain itself only
    .detail = With `t=s`, a signature that names a subdomain of { $domain } in `i=` fails. That is fine as long as no subdomain signs with this key.

DKIM_EMPTY_TAG = The DKIM record at { $selectors } of { $domain } has two semicolons in a row
    .detail = That is against the grammar. Most receivers look past it.
    .fix = DNS admin: remove the superfluous semicolon.

DKIM_TAGS_GLUED = A semicolon is missing in the DKIM record at { $selectors } of { $domain }
    .detail = Before { $part } there is no semicolon, so it became part of the tag in front of it.
    .fix = DNS admin: put a semicolon before { $part }.

DKIM_ESCAPED_SEMICOLON = The DKIM record at { $selectors } of { $domain } holds backslashes
    .detail = A backslash before a semicolon was meant for the zone file, and here it became part of the record. Receivers misread the tags.
    .fix = DNS admin: enter the record without backslashes.

DKIM_QUOTED = The DKIM record at { $selectors } of { $domain } holds quotation marks
    .detail = Quotes belong to the way a zone file is written, and here they became part of the record. Receivers do not recognise it.
    .fix = DNS admin: enter the record without quotation marks.

DKIM_SPACES_IN_KEY = There are spaces inside the DKIM key at { $selectors } of { $domain }
    .detail = Receivers skip them, so mail is not affected.
    .fix = DNS admin: remove the spaces when the record is edited next.

BIMI_ABSENT = { $domain } names no logo for its mail (BIMI)
    .detail = That is optional and has nothing to do with delivery.

BIMI_FOUND = { $domain } names a logo for its mail (BIMI)
    .detail = The logo is at { $logo }. Mailcheck does not look at the picture itself. It has nothing to do with delivery.

BIMI_DECLINED = { $domain } says that it wants no logo shown (BIMI)
    .detail = The record is there and names no picture, which means just that.

BIMI_UNKNOWN = Could not tell whether { $domain } names a logo (BIMI)
    .detail = The DNS question was not answered: { $reason }. Delivery does not depend on it.
    .fix = Help desk: run the check again in a few minutes, if the logo matters.

BIMI_MULTIPLE_RECORDS = There are { $records } BIMI records at `default._bimi.{ $domain }`
    .detail = Only one is allowed, so no logo is shown. Delivery does not depend on it.
    .fix = DNS admin: leave the one that is meant, and delete the others.

BIMI_NOT_RECOGNISED = The record at `default._bimi.{ $domain }` is not recognised as BIMI
    .detail = A record must begin with exactly `v=BIMI1;`, and this one is { $record }. No logo is shown; delivery does not depend on it.
    .fix = DNS admin: correct the beginning of the record.

BIMI_MISSING_LOGO = The BIMI record of { $domain } names no logo
    .detail = There is no address in `l=`, so nothing is shown. Delivery does not depend on it.
    .fix = DNS admin: add `l=` with the https address of the logo. To say that none is to be shown, leave both `l=` and `a=` empty.

BIMI_BAD_TAG = The BIMI record of { $domain } holds something that does not belong there
    .detail = { $part } is not of the form `name=value`, so the logo may not be shown. Delivery does not depend on it.
    .fix = DNS admin: remove it.

BIMI_DUPLICATE_TAG = The BIMI record of { $domain } has the tag { $part } twice
    .detail = The logo may not be shown. Delivery does not depend on it.
    .fix = DNS admin: leave the one that is meant.

BIMI_NOT_HTTPS = An address in the BIMI record of { $domain } is not an https address
    .detail = { $part } must begin with `https:` and a host, so no logo is shown. Delivery does not depend on it.
    .fix = DNS admin: correct the address.

BIMI_NO_CERTIFICATE = The BIMI record of { $domain } names a logo without a certificate
    .detail = The largest mailbox providers show a logo only with a certificate (VMC or CMC), whose address stands in `a=`. Delivery does not depend on it.
    .fix = Mail admin: get such a certificate if the logo is to be seen there; else nothing needs to be done.

BIMI_DMARC_NOT_ENFORCED = { $domain } names a logo, and its DMARC policy is too weak for it to be shown
    .detail = { $reason ->
        [missing] There is no DMARC policy.
        [testing] The DMARC policy is marked as a test (`t=y`) and comes to `none`.
        [subdomains] The DMARC policy leaves subdomains open (`sp=none`).
        [share] The DMARC policy is for a share of the mail only (`pct`).
       *[none] The DMARC policy is `none`.
    } Receivers show logos only for domains that ask them to quarantine or reject forged mail.
    .fix = Mail admin: see the step on DMARC; raise the policy to `quarantine` or `reject` when all your own mail passes.

BIMI_DMARC_UNKNOWN = Could not tell whether the DMARC policy lets the logo of { $domain } be shown
    .detail = The policy is not known; see the step on DMARC.
    .fix = Help desk: run the check again in a few minutes, if the logo matters.

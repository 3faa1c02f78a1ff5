"""The records of mail, read: text in, frozen values out.

Each module reads one kind of record: ``spf`` (RFC 7208), ``dkim`` (RFC 6376: key records, and the signature header),
``dmarc`` (RFC 9989), ``mta_sts`` (RFC 8461), ``tls_rpt`` (RFC 8460) and ``tlsa`` (RFC 6698, RFC 7672); ``tags`` holds
the ``tag=value;`` syntax that most of them share. Give them the octets of a TXT record, its strings joined, or text.
They do no I/O, import nothing of ours, take linear time, and never raise: what is wrong comes back as problems, each
with its kind and its position in the text. A kind in the module's ``UNUSABLE`` means that a receiver discards the
record (or, for SPF, ends with permerror); every other kind is advice. What the trouble means for mail, and which words
say so, is for the checks and the catalogues.
"""

# 送信元アドレスからのメールを、受信側がどう判定するか。

SPF_PASS = { $sender_ip } は { $domain } のメールを送信できます
    .detail = SPF レコードに登録されています。{ $term } に一致しました{ $through ->
        [none] 。
       *[other] （その中の { $through } に該当）。
    }受信側では SPF が pass になります。

SPF_FAIL = { $sender_ip } は { $domain } の送信元として許可されておらず、レコードは受信側に拒否を求めています
    .detail = SPF レコードにこのアドレスが登録されていないため、拒否を求める { $term } が適用されます。多くの受信側が実際に拒否します。{ $explanation ->
        [none] {""}
       *[other] ドメイン側の説明文：{ $explanation }。
    }
    .fix = ヘルプデスク：まず、{ $sender_ip } が利用者の PC のアドレスではなく、受信側サーバーに接続したアドレスかどうかを確認してください（受信側サーバーが付けた Received ヘッダーの行、またはエラーメールに記載されています）。次に、どのサーバーかを確認します。自社または利用中のメールサービスのサーバーであれば、DNS 管理者が SPF レコードの `all` より前に追加します（サービスなら指定の `include:`、自社サーバーなら `ip4:` または `ip6:` とアドレス）。自宅や社内の回線のアドレスは追加しないでください。心当たりがなければ、自社のメール環境を通っていないメールです。レコードは変更しないでください。

SPF_SOFTFAIL = { $sender_ip } は { $domain } の SPF レコードに登録されていません（softfail）
    .detail = どの項目にも一致せず、「おそらく正規のサーバーではない」を意味する { $term } が適用されます。これだけで拒否する受信側は多くありませんが、迷惑メールに振り分けられることがよくあります。SPF によって DMARC に合格することはなく、ドメインの DMARC ポリシーが `quarantine` や `reject` の場合は、ドメインの DKIM 署名が合格しない限り、迷惑メール扱いや拒否になります。
    .fix = ヘルプデスク：まず、{ $sender_ip } が利用者の PC のアドレスではなく、受信側サーバーに接続したアドレスかどうかを確認してください（受信側サーバーが付けた Received ヘッダーの行、またはエラーメールに記載されています）。次に、どのサーバーかを確認します。自社または利用中のメールサービスのサーバーであれば、DNS 管理者が SPF レコードの `all` より前に追加します。自宅や社内の回線のアドレスは追加しないでください。心当たりがなければ、レコードは変更しないでください。

SPF_NEUTRAL = { $domain } の SPF レコードは { $sender_ip } について何も述べていません
    .detail = { $term ->
        [none] このアドレスに一致する項目がなく、その場合の扱いも書かれていません。
       *[other] このアドレスには { $term } が適用されますが、これは可否を示さない指定です。
    }受信側では SPF がない場合と同じ扱いになり、SPF によって DMARC に合格することはありません。
    .fix = DNS 管理者：{ $sender_ip } がこのドメインのメールを送るのであれば、そのアドレスまたはメールサービスを追加し、末尾を `~all` または `-all` にしてください。

SPF_PERMERROR = { $sender_ip } からのメールに対して、{ $domain } の SPF レコードを判定できません
    .detail = { $holder } のレコード{ $term ->
        [none] で
       *[other] の { $term } で
    }判定がエラー（permerror）になります。認証されていないメールとして扱われ、拒否する受信側もあります。
    .fix = DNS 管理者：この項目のほかの指摘を修正してから、もう一度チェックを実行してください。

SPF_TEMPERROR = { $sender_ip } が { $domain } のメールを送信できるか、判定できませんでした
    .detail = 途中の DNS の問い合わせ{ $term ->
        [none] {""}
       *[other] （{ $term }）
    }に答えが得られませんでした（{ $reason }）。レコードの誤りではありません。同じ状況の受信側は、配送を保留するか、認証なしとして扱うことがあります（temperror）。
    .fix = ヘルプデスク：数分後にもう一度チェックを実行してください。続く場合は、DNS 管理者に該当するネームサーバーを確認してもらってください。

SPF_PRIVATE_SENDER = { $sender_ip } は受信側から見えるアドレスではないため、SPF を判定していません
    .detail = 組織内のネットワークでだけ使われるアドレスです。外に出るときにグローバル IP アドレスに置き換わり、受信側はそのアドレスで { $domain } からのメールを判定します。
    .fix = ヘルプデスク：エラーメール、または受信側サーバーが付けた Received ヘッダーの行から送信元のグローバル IP アドレスを調べ、`ip:` で指定してもう一度チェックを実行してください。

SPF_RESULT_DEPENDS = { $sender_ip } が { $domain } のメールを送信できるかは、メールの内容によって変わります
    .detail = { $term } は、送信者アドレスの一部、または送信サーバーが名乗る名前を参照しますが、指定された情報に含まれていません。
    .fix = ヘルプデスク：`from:` に送信者のメールアドレスを付けて、もう一度チェックを実行してください。それでも変わらない場合は、届いたメールのヘッダーで `spf=` の結果を確認してください。

# レコード。

SPF_FOUND = { $domain } の SPF レコードは有効です
    .detail = レコードは { $record } です。受信側の DNS 検索は { $lookups } 回で、上限の { $limit } 回以内です。登録されていないサーバーの扱い：{ $policy ->
        [none] `all` がないため、何も指定していません
        [fail] `-all`（拒否を求める）
        [softfail] `~all`（警戒を求める）
        [neutral] `?all`（何も指定しない）
       *[other] `+all`（誰でも合格）
    }。{ $sender_ip ->
        [none] 特定のサーバーが送信できるかを調べるには、`ip:` にアドレスを付けて実行してください。
       *[other] {""}
    }

SPF_NONE = { $domain } に SPF レコードがありません
    .detail = どのサーバーが送信してよいかを受信側に伝えるものがありません。大手のメールサービスは、SPF でも DKIM でも確認できないメールを迷惑メールに振り分けたり、拒否したりします。
    .fix = DNS 管理者：ドメイン自体に TXT レコードを 1 つ登録してください。`v=spf1` で始め、送信に使うサービスをすべて書き、`~all` で終えます。正確な内容は、メールサービスの設定ページに記載されています。

SPF_MISPLACED = { $domain } の SPF レコードが間違った場所に登録されています
    .detail = { $found_at } に { $record } が見つかりました。受信側は { $domain } 自体を調べるため、レコードがないのと同じです。
    .fix = DNS 管理者：レコードを { $domain } 自体に登録してください。ドメイン名を自動で補う管理画面では、名前の欄を `@` にするか、空欄にします。
    .paste = { $domain }. IN TXT "{ $record }"

SPF_DOMAIN_NXDOMAIN = 送信者のドメイン { $domain } は存在しません
    .detail = DNS に存在しないドメインからのメールには返信も確認もできないため、ほとんどの受信側が拒否します。
    .fix = ヘルプデスク：メールソフトの送信者アドレスに打ち間違いがないか確認してください。正しい場合は、ドメインの期限切れか DNS の設定消失が考えられます。DNS 管理者に連絡してください。

SPF_MULTIPLE_RECORDS = { $domain } に SPF レコードが複数あります
    .detail = SPF レコードは 1 つだけと決められています。複数あると受信側はどれも使わず、認証されていないメールとして扱います（permerror）。登録内容：{ $records }。
    .fix = DNS 管理者：すべての内容を 1 つにまとめ、残りを削除してください。{ $obstacle ->
        [none] まとめたレコードを下に示します。
        [too_long] そのまままとめると、レコードとして長くなりすぎます。どの項目が必要かを確認してください。
       *[other] それぞれの内容を確認し、何を残すかを決めてください。
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_NOT_RECOGNIZED = { $domain } の SPF のつもりで書かれたレコードが、受信側に認識されません
    .detail = SPF レコードは `v=spf1` と半角スペースで始める決まりです。{ $text } は、{ $flaw ->
        [leading_space] 先頭に空白があります
        [quoted] 引用符またはバックスラッシュが内容に混ざっています
        [hidden_character] 見えない文字、または似た別の文字が含まれています
        [wrong_version] バージョンの表記が異なります
        [version_not_ended] バージョンの後に半角スペースがありません
        [space_in_version] バージョンの途中に空白があります
        [no_version] バージョンの表記がありません
       *[other] 先頭に別の文字列があります
    }。受信側から見ると、このドメインに SPF レコードはありません。
    .fix = DNS 管理者：{ $proposal ->
        [none] `v=spf1` と半角スペースで始まるように書き直してください。書式付きの文書から貼り付けた場合は、手で入力し直してください。
       *[other] 下のレコードに置き換えてください。
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_LOOKALIKE = { $domain } に、SPF レコードに似た別の文字列があります
    .detail = { $text } は `v=spf1` と半角スペースで始まっていないため、受信側に無視されます。ここにだけ書かれたサーバーは送信を許可されません。
    .fix = DNS 管理者：必要な内容を本来の SPF レコードに移し、この文字列を削除してください。

SPF_SENDER_ID = { $domain } に Sender ID のレコードがあります
    .detail = { $text } は、現在は使われていない仕組みのものです。SPF では無視されます。
    .fix = DNS 管理者：都合のよいときに削除してください。

SPF_STRINGS_RUN_TOGETHER = { $domain } の SPF レコードで、文字列のつなぎ目に空白がありません
    .detail = 長い TXT レコードは複数の文字列に分けて保存され、受信側では空白なしで連結されます。ここでは 2 つの項目が 1 つにつながり、意図と異なる内容になっています。
    .fix = DNS 管理者：下のレコードに置き換えてください。分割が必要な場合は、前の文字列の末尾に空白を入れてください。
    .paste = { $domain }. IN TXT "{ $proposal }"

# 構文エラー。すべての受信側で permerror になります。

SPF_SYNTAX_ERROR = { $domain } の SPF レコードに構文エラーがあります
    .detail = { $position } 文字目：{ $fault ->
        [not_ascii] { $term } の中の { $part } は ASCII 文字ではありません。装飾された引用符、特殊な空白、全角文字は、貼り付けの際によく混ざります
        [control_character] { $term } の中の { $part } は、タブや改行などの制御文字です。項目の区切りに使えるのは半角スペースだけです
        [argument_not_allowed] { $term } の { $part } は余分です。`all` には何も付けられません
        [too_long] レコードが長すぎるため、読み取りを中止しました
       *[other] { $term } は SPF の書式に合っていません
    }。1 か所でも誤りがあると、受信側はレコード全体を使わず（permerror）、どのメールも SPF に合格しません。
    .fix = DNS 管理者：{ $proposal ->
        [none] 該当する項目を修正してください。不要であれば削除してください。
       *[other] 下のレコードに置き換えてください。
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_UNKNOWN_MECHANISM = { $domain } の SPF レコードに、存在しない項目 { $term } があります
    .detail = { $position } 文字目の { $part } は SPF の機構ではありません{ $fault ->
       *[other] （綴りの誤りと思われます）
    }。受信側はレコード全体を使わず（permerror）、どのメールも SPF に合格しません。
    .fix = DNS 管理者：{ $proposal ->
        [none] 項目を修正または削除してください。使えるのは `include:`、`a`、`mx`、`ip4:`、`ip6:`、`exists:`、`ptr`、`all` です。
       *[other] 下のレコードに置き換えてください。
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_BAD_DOMAIN = { $domain } の SPF レコードで、{ $term } のドメイン名が正しくありません
    .detail = { $position } 文字目：{ $fault ->
        [single_label] { $part } にドットがありません
        [numeric_top_label] 名前が数字の { $part } で終わっています
        [port] { $part } はポート番号のようですが、ここには書けません
        [ip_for_domain] { $part } は IP アドレスです。アドレスは `ip4:` または `ip6:` の後に書きます
       *[other] 末尾の { $part } は、ドメイン名の末尾として使えません
    }。受信側はレコード全体を使わず（permerror）、どのメールも SPF に合格しません。
    .fix = DNS 管理者：{ $proposal ->
        [none] `include:_spf.example.com` のように完全なドメイン名を書くか、項目を削除してください。
       *[other] 下のレコードに置き換えてください。
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_BAD_ADDRESS = { $domain } の SPF レコードで、{ $term } のアドレスが正しくありません
    .detail = { $position } 文字目：{ $fault ->
        [domain_for_ip] { $part } はホスト名です。ホスト名は `a:` の後に書きます
        [wrong_family] { $part } は種類が違います。`ip4:` には IPv4、`ip6:` には IPv6 のアドレスを書きます
        [short_address] { $part } は IPv4 アドレスの一部だけです。4 つの数字をすべて書いてください
        [leading_zero] { $part } に、0 で始まる数字があります
        [port] { $part } はポート番号のようですが、ここには書けません
       *[other] { $part } は IP アドレスではありません
    }。受信側はレコード全体を使わず（permerror）、どのメールも SPF に合格しません。
    .fix = DNS 管理者：{ $proposal ->
        [none] `ip4:192.0.2.25` や `ip4:192.0.2.0/24` のように修正するか、項目を削除してください。
       *[other] 下のレコードに置き換えてください。
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_BAD_PREFIX_LENGTH = { $domain } の SPF レコードで、{ $term } のプレフィックス長が正しくありません
    .detail = { $position } 文字目：{ $fault ->
        [cidr_out_of_range] { $part } は大きすぎます。IPv4 は `/32`、IPv6 は `/128` までです
        [cidr_leading_zero] { $part } が 0 で始まっています
        [cidr_not_allowed] この種類の項目に { $part } は付けられません
       *[other] { $part } はプレフィックス長ではありません
    }。受信側はレコード全体を使わず（permerror）、どのメールも SPF に合格しません。
    .fix = DNS 管理者：{ $proposal ->
        [none] プレフィックス長を修正してください。アドレスが 1 つだけなら不要です。
       *[other] 下のレコードに置き換えてください。
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_MISSING_VALUE = { $domain } の SPF レコードで、{ $term } に値がありません
    .detail = { $position } 文字目の { $part } の後に何も書かれていません{ $fault ->
       *[other] {""}
    }。余分な空白が原因であることがよくあります。受信側はレコード全体を使わず（permerror）、どのメールも SPF に合格しません。
    .fix = DNS 管理者：{ $proposal ->
        [none] 空白を入れずに値を書き足すか、項目を削除してください。
       *[other] 下のレコードに置き換えてください。
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_REPEATED_MODIFIER = { $domain } の SPF レコードに { $part } が 2 回書かれています
    .detail = { $position } 文字目の { $term } が 2 つ目です。{ $fault ->
       *[other] 書けるのは 1 つだけです
    }。受信側はレコード全体を使わず（permerror）、どのメールも SPF に合格しません。
    .fix = DNS 管理者：{ $proposal ->
        [none] どちらか 1 つだけを残してください。
       *[other] 下のレコードに置き換えてください。
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_BAD_MACRO = { $domain } の SPF レコードで、{ $term } のマクロが正しくありません
    .detail = { $position } 文字目：{ $fault ->
        [unknown_macro_letter] { $part } の文字は定義されていません
        [macro_only_in_exp] { $part } は説明文の中でしか使えません
        [zero_parts] { $part } は 0 個の部分を求めています
       *[other] { $part } はマクロの始まりではありません。パーセント記号は `%%` と書きます
    }。受信側はレコード全体を使わず（permerror）、どのメールも SPF に合格しません。
    .fix = DNS 管理者：{ $proposal ->
        [none] メールサービスの設定ページから、項目をコピーし直してください。
       *[other] 下のレコードに置き換えてください。
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

# レコードの参照先。

SPF_TOO_MANY_LOOKUPS = { $domain } の SPF レコードには DNS 検索が { $lookups } 回必要で、上限の { $limit } 回を超えています
    .detail = 受信側は { $holder } のレコードの { $term } で打ち切ります。それより前に送信元が一致していなければ、認証されていないメールとして扱われます（permerror）。検索回数の多い項目（かっこ内は回数）：{ $heaviest }。{ $evaluated ->
        [none] {""}
       *[other] 今回の送信元の判定に必要なのは { $evaluated } 回です。
    }
    .fix = DNS 管理者：使っていないサービスの include を削除し、次に、Return-Path がサービス自身のドメインになっているサービスの include を削除してください（受信側がこのレコードで確認することはありません）。それでも多い場合は、一部のサービスをサブドメインに移してください。各項目の検索回数を下に示します。
    .figure = { $tree }

SPF_TOO_MANY_LOOKUPS_FOR_SOME = { $domain } の SPF レコードには DNS 検索が { $lookups } 回必要で、上限の { $limit } 回を超えています（今回の送信元は合格しますが、ほかは合格しないことがあります）
    .detail = 受信側は { $holder } のレコードの { $term } で打ち切ります。今回の送信元はそれより前に { $evaluated } 回の検索で一致するため、今回のメールが届かない原因ではありません。打ち切りより後ろに書かれたサーバーからのメールは、認証されていないメールとして扱われます（permerror）。検索回数の多い項目（かっこ内は回数）：{ $heaviest }。
    .fix = DNS 管理者：使っていないサービスの include を削除し、次に、Return-Path がサービス自身のドメインになっているサービスの include を削除してください（受信側がこのレコードで確認することはありません）。それでも多い場合は、一部のサービスをサブドメインに移してください。各項目の検索回数を下に示します。
    .figure = { $tree }

SPF_TOO_MANY_MX_NAMES = { $holder } の SPF レコードの { $term } には { $names } 台のメールサーバーがあり、上限の { $limit } 台を超えています
    .detail = それより前に送信元が一致していなければ、受信側の判定はここでエラー（permerror）になります。
    .fix = DNS 管理者：実際に送信するサーバーを `ip4:` または `ip6:` で指定し、この項目と置き換えてください。

SPF_TOO_MANY_VOID_LOOKUPS = { $domain } の SPF レコードに、何も見つからない項目が { $void_lookups } 個あり、上限の { $limit } 個を超えています
    .detail = { $terms } の参照先は、存在しないか、アドレスがありません。この上限を守る受信側はレコードを使わず（permerror）、守らない受信側では合格します。そのため、相手によって結果が変わります。
    .fix = DNS 管理者：これらの項目を修正または削除してください。

SPF_VOID_LOOKUP = { $domain } の SPF レコードに、何も見つからない項目があります
    .detail = { $terms } の参照先は、存在しないか、アドレスがありません。誰も許可されず、受信側の手間だけが増えます。3 つになると、レコード全体を使わない受信側があります。
    .fix = DNS 管理者：これらの項目を修正または削除してください。

SPF_INCLUDE_NONE = { $holder } の SPF レコードの { $term } は、SPF のないドメインを指しています
    .detail = { $exists ->
        [no] { $target } という名前は存在しません。
       *[other] { $target } は存在しますが、SPF レコードがありません。
    }判定がここまで進むと、受信側はレコード全体を使わず（permerror）、認証されていないメールとして扱います。
    .fix = DNS 管理者：名前を修正するか、使っていないサービスであれば項目を削除してください。{ $holder } が自社のドメインでない場合は、その管理者に知らせてください。

SPF_REDIRECT_NONE = { $holder } の SPF レコードの { $term } は、SPF のないドメインを指しています
    .detail = { $target } に SPF レコードがないため、受信側の判定はエラー（permerror）になります。
    .fix = DNS 管理者：名前を修正するか、必要な項目と `~all` に置き換えてください。

SPF_INCLUDE_MULTIPLE_RECORDS = { $holder } が参照する { $target } に SPF レコードが複数あります
    .detail = 判定が { $term } まで進むと、受信側はレコード全体を使わず（permerror）、認証されていないメールとして扱います。
    .fix = DNS 管理者：{ $target } が自社のドメインであれば、レコードを 1 つにまとめてください。そうでなければ、そのサービスに連絡し、直るまでこの項目を外してください。

SPF_INCLUDE_SYNTAX_ERROR = { $holder } が参照する { $target } の SPF レコードに構文エラーがあります
    .detail = 参照先のレコードの { $position } 文字目（{ $wrong }）に誤りがあります。判定が { $term } まで進むと、受信側はレコード全体を使いません（permerror）。
    .fix = DNS 管理者：{ $target } が自社のドメインであれば、レコードを修正してください。そうでなければ、そのサービスに連絡し、直るまでこの項目を外してください。

SPF_LOOP = { $holder } の SPF レコードの参照が循環しています
    .detail = { $term } の参照先 { $target } は、すでに判定を始めたレコードです。受信側は検索回数の上限まで循環し、エラー（permerror）になります。
    .fix = DNS 管理者：この項目を削除してください。

SPF_INCLUDE_UNKNOWN = { $target } の SPF レコードを確認できませんでした
    .detail = { $holder } のレコードが { $term } で参照していますが、問い合わせに答えが得られませんでした（{ $reason }）。レコードに問題があるとは限りません。同じ状況の受信側は、配送を保留するか、認証なしとして扱うことがあります（temperror）。
    .fix = ヘルプデスク：数分後にもう一度チェックを実行してください。続く場合は、{ $target } の管理者に知らせてください。

SPF_LOOKUP_UNKNOWN = { $domain } の SPF レコードの { $terms } の参照先を確認できませんでした
    .detail = DNS の問い合わせに答えが得られませんでした（{ $reason }）。レコードの誤りではありません。
    .fix = ヘルプデスク：数分後にもう一度チェックを実行してください。

SPF_TREE_CUT = { $domain } の SPF レコードの参照先をすべては確認していません
    .detail = DNS の問い合わせが { $asked } 回に達したため、確認を打ち切りました。未確認の項目：{ $left_out }。受信側はこれよりずっと早く打ち切ります。
    .fix = DNS 管理者：レコードを短くしてください。そうすれば全体を確認できます。

# 意図どおりに書かれているか。

SPF_MECHANISM_AS_MODIFIER = { $domain } の SPF レコードで、{ $term } が「:」ではなく「=」で書かれています
    .detail = 受信側は未知の修飾子とみなして無視します。ここで登録したつもりのサーバーは送信を許可されません。
    .fix = DNS 管理者：{ $proposal ->
        [none] コロンを使って書き直してください。
       *[other] 下のレコードに置き換えてください。
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_TWO_RECORDS_IN_ONE = { $domain } の SPF レコードに `v=spf1` が 2 回書かれています
    .detail = 2 つのレコードが 1 つに入っています。受信側は最初の `all` までを判定し、その後ろは見ません。
    .fix = DNS 管理者：`v=spf1` は先頭だけに残し、必要な項目を並べ、最後に `all` を 1 つだけ書いてください。

SPF_GLUED_TERMS = { $domain } の SPF レコードの { $term } に空白が抜けています
    .detail = 受信側は 1 つの項目として読み、意図しない名前を検索します。
    .fix = DNS 管理者：{ $proposal ->
        [none] 2 つの項目の間に半角スペースを入れてください。
       *[other] 下のレコードに置き換えてください。
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_TERMS_AFTER_ALL = { $domain } の SPF レコードで、`all` の後ろに項目があります
    .detail = `all` はすべての送信元に一致するため、{ $terms } は判定されません。ここに書かれたサーバーは送信を許可されません。
    .fix = DNS 管理者：{ $proposal ->
        [none] `all` を末尾に移すか、後ろの項目を削除してください。
       *[other] `all` を末尾に移した下のレコードに置き換えてください。
    }
    .paste = { $proposal ->
        [none] {""}
       *[other] { $domain }. IN TXT "{ $proposal }"
    }

SPF_REDIRECT_IGNORED = { $domain } の SPF レコードの { $term } は効果がありません
    .detail = `all` のあるレコードでは、redirect は無視されます。
    .fix = DNS 管理者：redirect を削除してください。参照先のレコードに従わせたい場合は、`all` のほうを削除してください。

SPF_UNKNOWN_MODIFIER = { $domain } の SPF レコードの { $term } は受信側に無視されます
    .detail = SPF で知られている修飾子ではありません。害はありません。
    .fix = DNS 管理者：サービスから求められたものでなければ、削除してください。

SPF_ODD_NAME = { $domain } の SPF レコードの { $term } は、DNS で問い合わせにくい名前です
    .detail = 空の部分や長すぎる部分、またはホスト名に使わない文字が含まれています。おそらく、どのサーバーにも一致しません。
    .fix = DNS 管理者：名前を修正してください。

SPF_PTR_USED = { $domain } の SPF レコードで { $term } が使われています
    .detail = 遅く不確実なため、標準では使わないよう求められています。判定しない受信側もあり、この項目だけで許可されるサーバーは失敗することがあります。
    .fix = DNS 管理者：対象のサーバーを `ip4:`、`ip6:`、`a:` で指定し、この項目と置き換えてください。

SPF_DEPENDS_ON_MESSAGE = { $domain } の SPF レコードの一部は、メールの内容によって変わります
    .detail = { $terms } には、送信者や送信サーバーを表すマクロが含まれます。これは正しい書き方です。検索回数には数えましたが、参照先は確認していません。
    .fix = ヘルプデスク：参照先まで確認するには、`ip:` と `from:` を付けてもう一度チェックを実行してください。

SPF_ALLOWS_EVERYONE = { $holder } の SPF レコードの { $term } により、誰でも送信できます
    .detail = 迷惑メールの送信者を含め、インターネット上のすべてのサーバーが合格します。このようなレコードは受信側にも知られており、ドメインの信用が下がります。
    .fix = DNS 管理者：実際に送信するサーバーだけを書き、末尾を `~all` にしてください。{ $holder } が自社のドメインでない場合は、そのサービスに知らせてください。

SPF_AUTHORIZES_NOBODY = { $domain } の SPF レコードは「メールを送信しない」と宣言しています
    .detail = { $record } にはサーバーが 1 つも書かれていません。メールを使わないドメインであれば正しい設定です。それでも送信されたメールは、拒否されるか迷惑メールになります。
    .fix = DNS 管理者：このドメインから送信する人がいる場合は、メールサービスを `all` より前に追加してください。いなければ変更は不要です。

SPF_NOBODY_MAY_SEND = { $domain } の SPF レコードは、どのサーバーにも送信を許可していません
    .detail = { $record } にはサーバーが 1 つも書かれておらず、このドメインはメールを送信しないという意味になります。それでも送信されたメールは、多くの受信側で迷惑メールになるか、拒否されます。
    .fix = DNS 管理者：このドメインから送信する場合は、メールサービスを `all` より前に追加してください。送信しないドメインであれば変更は不要です。その場合、送信者は別のドメインのアドレスを使ってください。

SPF_NO_MAIL_DECLARED = { $domain } は、SPF で「送信しない」、null MX で「受信しない」と宣言しています
    .detail = { $record } にはサーバーが 1 つもなく、null MX はすべてのメールを断ります。メールに使わないドメインを守るための正しい組み合わせです。

SPF_POLICY_NEUTRAL = { $domain } の SPF レコードは、ほかのサーバーについて何も指定していません（`?all`）
    .detail = 登録されていないサーバーからのメールは「不明」として扱われ、なりすましを防ぐ効果がありません。
    .fix = DNS 管理者：送信に使うサービスをすべて登録したら、`?all` を `~all` に変更してください。

SPF_NO_ALL = { $domain } の SPF レコードに末尾の `all` がありません
    .detail = 登録されていないサーバーからのメールは「不明」（neutral）として扱われ、なりすましを防ぐ効果がありません。
    .fix = DNS 管理者：末尾に `~all` を追加してください。

SPF_INCLUDE_CARRIES_NO_POLICY = 厳しいレコードを include しても、{ $domain } のレコードは厳しくなりません
    .detail = { $terms } の参照先は `-all` または `~all` で終わっていますが、include で引き継がれるのは「誰が送信できるか」だけです。それ以外の送信元の扱いは、include する側の末尾で決まります。
    .fix = DNS 管理者：自分のレコードの末尾を `~all` または `-all` にしてください。

SPF_WIDE_RANGE = { $domain } の SPF レコードは、非常に広い範囲を許可しています
    .detail = { $terms } には、1 つの組織が持つより多くのアドレスが含まれます。その中の第三者も SPF に合格します。
    .fix = DNS 管理者：実際に送信するアドレスだけに絞ってください。

SPF_LONG_RECORD = { $domain } の SPF レコードの長さは { $size } です
    .detail = 標準では { $advised } 程度までが推奨されています。長い応答は古い DNS サーバーやファイアウォールを通らないことがあり、ときどき判定に失敗します。
    .fix = DNS 管理者：不要な項目を削除するか、一部を別の名前のレコードに移して include してください。

SPF_LARGE_ANSWER = { $domain } の TXT レコードは合計 { $size } です
    .detail = 1 つの UDP パケットに収まらないため、受信側は TCP で問い合わせ直します。ファイアウォールが TCP を止めていると、SPF がときどき失敗します。
    .fix = DNS 管理者：不要になった所有権確認用のレコードを削除し、ネームサーバーが TCP の 53 番ポートで応答することを確認してください。

SPF_UNKNOWN = { $domain } の SPF レコードを確認できませんでした
    .detail = 問い合わせに答えが得られませんでした（{ $reason }）。レコードは登録されている可能性があります。
    .fix = ヘルプデスク：数分後にもう一度チェックを実行してください。続く場合は、DNS 管理者にネームサーバーを確認してもらってください。同じ状況の受信側は、配送を保留するか、認証なしとして扱うことがあります。

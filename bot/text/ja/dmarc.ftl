DMARC_FOUND = { $domain } に DMARC レコードがあります（有効なポリシー：{ $policy }）
    .detail = { $policy ->
        [reject] このドメインとして SPF にも DKIM にも合格しない { $domain } からのメールは、受信側に拒否を求めています。
        [quarantine] このドメインとして SPF にも DKIM にも合格しない { $domain } からのメールは、受信側に迷惑メール扱いを求めています。
       *[none] SPF や DKIM の結果にかかわらず、{ $domain } からのメールを通常どおり届けるよう受信側に求めています。
    }

DMARC_INHERITED = { $domain } には固有の DMARC レコードがなく、{ $source } のポリシー { $policy } が適用されます
    .detail = レコードがない名前については、受信側は上位の名前を順に調べ、`_dmarc.{ $source }` のレコードを使います。{ $domain } に適用されるのは、その { $tag } タグの値です。

DMARC_MISSING = { $domain } に DMARC レコードがありません
    .detail = 大手のメールサービスは、大量に送信するドメインに DMARC レコードを求めており、ないと拒否や迷惑メール扱いになることがあります。また、{ $domain } をかたる偽メールの扱いを受信側に伝えるものがありません。
    .fix = DNS 管理者：下のレコードを登録してください。送信中のメールへの影響はなく、{ $publish_at } としてメールを送っているサーバーのレポートが届くようになります。宛先のメールボックスを用意するか、別の宛先に変えてください。レポートで自社のメールがすべて合格していることを確認してから、ポリシーを `quarantine` や `reject` に強めてください。
    .paste = _dmarc.{ $publish_at }. IN TXT "v=DMARC1; p=none; rua=mailto:dmarc-reports@{ $publish_at }"

DMARC_MISPLACED = { $domain } の DMARC レコードが間違った場所に登録されています
    .detail = { $found_at } に { $record } が見つかりました。受信側は `_dmarc.{ $domain }` しか調べないため、レコードがないのと同じです。
    .fix = DNS 管理者：レコードを `_dmarc.{ $domain }` に移してください。ドメイン名を自動で補う管理画面では、名前の欄に `_dmarc` だけを入力します。
    .paste = _dmarc.{ $domain }. IN TXT "{ $record }"

DMARC_NOT_RECOGNISED = `_dmarc.{ $source }` のレコードは DMARC として認識されません
    .detail = { $flaw ->
        [leading_space] `v=DMARC1` の前に空白があります。
        [quoted] 引用符またはバックスラッシュがレコードの一部になっています。
        [hidden_character] `v=DMARC1` の前または途中に、目に見えない文字があります。
        [wrong_case] `DMARC1` は大文字で書く決まりです。
        [wrong_version] バージョンが正確に `DMARC1` になっていません。
        [missing_semicolon] `v=DMARC1` の後にセミコロンがありません。
        [escaped_semicolon] `v=DMARC1` の後のセミコロンの前にバックスラッシュがあります。
        [not_first] `v=DMARC1` がレコードの先頭にありません。
       *[no_version] 先頭に `v=DMARC1` がありません。
    } 受信側はこのレコードを無視します。現在の内容は { $record } です。
    .fix = DNS 管理者：正確に `v=DMARC1;` で始まり、意図したポリシーが続くようにレコードを修正してください。
    .paste = { $meant ->
        [none] {""}
       *[other] _dmarc.{ $source }. IN TXT "{ $meant }"
    }

DMARC_MULTIPLE_RECORDS = `_dmarc.{ $source }` に DMARC レコードが { $records } 件あります
    .detail = レコードは 1 件でなければなりません。受信側はすべてを破棄し、多くは { $source } に DMARC がないものとして扱います。{ $policy ->
        [none] 上位にも、代わりになるレコードはありません。
       *[other] さらに上位を調べる受信側では、ポリシー { $policy } のレコードが適用されます。
    }
    .fix = DNS 管理者：正しいレコード（多くは最後に作成したもの）を決め、ほかを削除してください。

DMARC_ALIAS_DANGLING = `_dmarc.{ $source }` は存在しない名前の別名になっています
    .detail = { $canonical } への CNAME ですが、参照先にレコードがありません。受信側から見ると { $source } に DMARC がありません。
    .fix = DNS 管理者：{ $canonical } を提供する DMARC サービスでレコードを設定するか、CNAME を自社の TXT レコードに置き換えてください。下のレコードは監視のみのものです。
    .paste = _dmarc.{ $source }. IN TXT "v=DMARC1; p=none; rua=mailto:dmarc-reports@{ $source }"

DMARC_AUTHOR_NXDOMAIN = 送信者のドメイン { $domain } は存在しません
    .detail = DNS にないドメインからのメールには返信できないため、多くの受信側が拒否します。
    .fix = 送信者：送信元アドレスに打ち間違いがないか確認してください。DNS 管理者：{ $domain } からメールを送る場合は、少なくとも MX、SPF、DKIM のレコードを登録してください。

DMARC_UNKNOWN = 適用される DMARC ポリシーを判定できませんでした（{ $name } の応答なし）
    .detail = { $name } についての DNS の問い合わせに応答がありませんでした（{ $reason }）。DMARC が未設定という意味ではありません。受信側で同じことが起きると、受信するか保留するかは受信側しだいです。
    .fix = ヘルプデスク：数分後にもう一度チェックを実行してください。変わらない場合は、DNS 管理者がネームサーバーを確認してください。

DMARC_ORGANIZATION_UNKNOWN = DMARC で同じ組織とみなされるドメインの範囲を判定できませんでした
    .detail = ポリシーは分かりましたが、{ $name } についての DNS の問い合わせに応答がありませんでした（{ $reason }）。SPF や DKIM のドメインが、どこまで上位で一致してよいかは不明です。
    .fix = ヘルプデスク：数分後にもう一度チェックを実行してください。

DMARC_RESTS_ON_DKIM = { $sender_ip } から送られる { $domain } のメールは、ドメインの DKIM 署名がないと DMARC に合格しません
    .detail = このアドレスの SPF の結果は { $spf } で、SPF によって合格することはありません。{ $domain } としての DKIM 署名がない場合、受信側は DMARC ポリシーに従って{ $policy ->
        [reject] 拒否します（`reject`）。
       *[quarantine] 迷惑メールとして扱います（`quarantine`）。
    }Return-Path のドメインも { $domain } であることを前提とした判定です。
    .fix = ヘルプデスク：送信済みメールのヘッダーで `d={ $domain }` の `DKIM-Signature:` を探してください。なければ、メール管理者が送信に使うサービスで { $domain } の DKIM を有効にするか、DNS 管理者がそのサービスを SPF レコードに追加します。

DMARC_OLD_RECEIVERS_DIFFER = 古いソフトウェアの受信側では、{ $domain } の DMARC の結果が異なります
    .detail = { $policy ->
        [none] 現在の標準（RFC 9989）では、不合格のメールも通常どおり届きます（参照するレコード：{ $source }）。
       *[other] 現在の標準（RFC 9989）では、{ $policy } が適用されます（参照するレコード：{ $source }）。
    } { $old_policy ->
        [none] RFC 7489 と Public Suffix List に従う受信側では、通常どおり届きます（参照するレコード：{ $old_source }）。
       *[other] RFC 7489 と Public Suffix List に従う受信側では、{ $old_policy } が適用されます（参照するレコード：{ $old_source }）。
    }
    .fix = DNS 管理者：どの受信側でも同じ結果にするには、`_dmarc.{ $domain }` に固有のレコードを登録してください。

DMARC_UNRELATED_TEXT = `_dmarc.{ $source }` に DMARC 以外のテキストがあります
    .detail = { $text } は DMARC と関係がなく、受信側は無視します。
    .fix = DNS 管理者：ほかに用途がなければ削除してください。

DMARC_WILDCARD_TEXT = { $source } のワイルドカードレコードが `_dmarc` にも応答しています
    .detail = { $source } より下のどの名前にも { $text } が返ります。DMARC レコードではないため、受信側は無視します。
    .fix = DNS 管理者：ワイルドカードの TXT レコードを、本来の対象の名前だけに限定してください。

DMARC_NO_USABLE_POLICY = { $source } の DMARC レコードは効力がありません
    .detail = { $part ->
        [none] ポリシー（`p=`）がなく
       *[other] ポリシー { $part } は `none`、`quarantine`、`reject` のどれでもなく
    }、正しいレポート宛先（`rua=`）もありません。受信側はこのレコードを無視するため、DMARC がないのと同じです。
    .fix = DNS 管理者：{ $meant ->
        [none] { $part ->
            [none] 下のレコード（監視のみ）を登録するか、現在のレコードに `p=quarantine` または `p=reject` を加えてください。宛先のメールボックスも用意してください。
           *[other] { $part } の部分を、本来のポリシーに修正してください。`none` は監視のみ、`quarantine` は迷惑メール扱い、`reject` は拒否を求めます。
        }
       *[other] ポリシーが意図したものかを確認したうえで、下のレコードに置き換えてください。
    }
    .paste = { $meant ->
        [none] { $part ->
            [none] _dmarc.{ $source }. IN TXT "v=DMARC1; p=none; rua=mailto:dmarc-reports@{ $source }"
           *[other] {""}
        }
       *[other] _dmarc.{ $source }. IN TXT "{ $meant }"
    }

DMARC_POLICY_MISSING = { $source } の DMARC レコードにポリシーがありません
    .detail = `p=` がありません。現在の標準に従う受信側は `p=none` とみなしますが、古い受信側はレコードを無視することがあります。
    .fix = DNS 管理者：`v=DMARC1;` の後に `p=none`、`p=quarantine`、`p=reject` のいずれかを加えてください。

DMARC_POLICY_INVALID = { $source } の DMARC レコードのポリシーが正しくありません
    .detail = { $part } は `none`、`quarantine`、`reject` のどれでもありません。レコード全体が `p=none` とみなされ、不合格のメールはレポートされるだけです。
    .fix = DNS 管理者：{ $meant ->
        [none] { $part } の部分を、本来のポリシーに修正してください。
       *[other] ポリシーが意図したものかを確認したうえで、下のレコードに置き換えてください。
    }
    .paste = { $meant ->
        [none] {""}
       *[other] _dmarc.{ $source }. IN TXT "{ $meant }"
    }

DMARC_POLICY_NONE = { $source } の DMARC ポリシーは監視のみです
    .detail = `none` では、不合格のメールに対して受信側は何もしません。最初の設定としては適切ですが、なりすましは防げません。
    .fix = メール管理者：レポートを確認し、自社のメールがすべて合格するようになったら、`quarantine`、`reject` の順に強めてください。

DMARC_SUBDOMAINS_OPEN = { $source } の DMARC ポリシーは、サブドメインを保護していません
    .detail = ドメイン自体のポリシーは { $policy } ですが、{ $tag } タグが `none` です。{ $source } より下の名前をかたる偽メールは配信されます。
    .fix = DNS 管理者：使用中のすべてのサブドメインのメールが合格することを確認してから、{ $tag } タグを削除するか、値を { $policy } にしてください。

DMARC_SUBDOMAIN_TAGS_UNUSED = { $source } の DMARC レコードの `sp` や `np` は効力がありません
    .detail = これらのタグは組織の最上位のドメインのレコードでのみ有効ですが、{ $source } はその下にあります。
    .fix = DNS 管理者：ここでは削除し、必要なら最上位のドメインで設定してください。

DMARC_TESTING = { $source } の DMARC レコードはテスト中と宣言されています
    .detail = レコードのポリシーは { $published } ですが、`t=y` により 1 段階弱い { $policy } を求めています。`t` を知らない古い受信側は { $published } を適用します。
    .fix = DNS 管理者：テストが終わったら `t=y` を削除してください。

DMARC_PCT = { $source } の DMARC レコードに `pct={ $pct }` が残っています
    .detail = 現在の標準では `pct` は廃止され、不合格のメールすべてに { $policy } が適用されます。古い受信側は、不合格のメール 100 通のうち約 { $pct } 通に適用し、残りには 1 段階弱いポリシーを適用します。
    .fix = DNS 管理者：`pct` を削除してください。まだすべてのメールに { $policy } を適用しない場合は、`t=y` または弱いポリシーを使ってください。

DMARC_REMOVED_TAG = { $source } の DMARC レコードに、廃止されたタグがあります
    .detail = { $part } は標準から削除されており、無視されます。害はありません。
    .fix = DNS 管理者：次にレコードを編集するときに削除してください。

DMARC_UNKNOWN_TAG = { $source } の DMARC レコードに不明なタグがあります
    .detail = { $part } というタグはなく、受信側は無視します。多くは別のタグの打ち間違いです。
    .fix = DNS 管理者：修正または削除してください。

DMARC_INVALID_VALUE = { $source } の DMARC レコードに正しくない値があります
    .detail = { $part } は { $tag } タグの値として使えません。受信側は既定値の { $default } を使います。
    .fix = DNS 管理者：値を修正するか、タグを削除してください。

DMARC_BAD_TAG = { $source } の DMARC レコードに余分な内容が含まれています
    .detail = { $part } は「タグ=値」の形になっていません。受信側はこの部分、またはレコード全体を無視します。
    .fix = DNS 管理者：削除してください。

DMARC_DUPLICATE_TAG = { $source } の DMARC レコードにタグ { $part } が 2 回あります
    .detail = 最初の値を使う受信側、最後の値を使う受信側、レコード全体を無視する受信側があります。
    .fix = DNS 管理者：正しいものを 1 つだけ残してください。

DMARC_EMPTY_TAG = { $source } の DMARC レコードでセミコロンが連続しています
    .detail = 文法には反しますが、多くの受信側は無視します。
    .fix = DNS 管理者：余分なセミコロンを削除してください。

DMARC_TAGS_GLUED = { $source } の DMARC レコードでセミコロンが抜けています
    .detail = { $part } の前にセミコロンがないため、直前のタグの一部になり、どちらも効力を失っています。
    .fix = DNS 管理者：{ $part } の前にセミコロンを入れてください。

DMARC_SEMICOLON_IN_LIST = { $source } の DMARC レコードで、レポート宛先が途中で切れています
    .detail = 複数の宛先はカンマで区切ります。{ $part } の前がセミコロンになっており、宛先の一覧がそこで終わるため、この宛先にレポートは届きません。
    .fix = DNS 管理者：{ $part } の前のセミコロンをカンマに変えてください。

DMARC_ESCAPED_SEMICOLON = { $source } の DMARC レコードにバックスラッシュが含まれています
    .detail = セミコロンの前のバックスラッシュはゾーンファイル用の書き方ですが、直前の値の一部になり、その値が無効になっています。
    .fix = DNS 管理者：バックスラッシュを付けずに登録してください。

DMARC_FO_WITHOUT_RUF = { $source } の DMARC レコードの `fo` は効力がありません
    .detail = 失敗レポートを送る条件を指定するタグですが、`ruf` がないため送り先がありません。
    .fix = DNS 管理者：`fo` を削除するか、メールアドレスを指定した `ruf` を加えてください。

DMARC_OWN_ORGANIZATION = { $source } は DMARC で独立した組織として扱われます
    .detail = `psd=n` により、この名前だけで 1 つの組織になります。{ $parent } としてだけ SPF や DKIM に合格した { $source } からのメールは、DMARC に不合格となります。
    .fix = DNS 管理者：{ $source } と { $parent } の所有者が異なる場合を除き、`psd=n` を削除してください。

DMARC_CLAIMS_PUBLIC_SUFFIX = { $source } の DMARC レコードは、公開サフィックスと宣言しています
    .detail = `psd=y` は `.bank` のような登録機関のためのものです。{ $source } にあると、サブドメインがそれぞれ独立した組織とみなされ、{ $source } としてだけ SPF や DKIM に合格したサブドメインのメールは DMARC に不合格となります。
    .fix = DNS 管理者：`psd=y` を削除してください。

DMARC_NO_REPORTS = { $source } の DMARC レポートを受け取る宛先がありません
    .detail = `rua` がないため、{ $source } としてメールを送っているサーバーや、自社のメールが合格しているかどうかを知ることができません。
    .fix = DNS 管理者：`rua=mailto:` に続けて、担当者が確認するメールアドレスか、DMARC サービスから指定されたアドレスを加えてください。

DMARC_REPORT_ADDRESS_INVALID = { $source } の DMARC レコードのレポート宛先が正しくありません
    .detail = { $part } は `mailto:` に続くメールアドレスになっていないため、レポートは送られません。
    .fix = DNS 管理者：`mailto:name@{ $source }` の形に修正してください。

DMARC_REPORT_SCHEME = { $source } の DMARC レコードのレポート宛先がメールアドレスではありません
    .detail = { $part } は `mailto:` で始まっていません。受信側がほかの形式に対応する義務はありません。
    .fix = DNS 管理者：`mailto:` に続けてメールアドレスを書いてください。

DMARC_REPORT_SIZE_LIMIT = { $source } の DMARC レコードがレポートのサイズを制限しています
    .detail = レポート宛先の後の { $part } は廃止された書き方です。現在の標準に従う受信側は無視しますが、宛先ごと受け付けない場合もあります。
    .fix = DNS 管理者：削除してください。

DMARC_REPORT_NOT_AUTHORIZED = { $destination } は { $source } の DMARC レポートの受け取りを承認していません
    .detail = 現在の標準では { $destination } は別の組織とみなされ、レポートを送るには、その DNS で受け取りを承認する必要があります。承認がないため、受信側はレポートを送りません。メール自体への影響はありません。
    .fix = { $destination } の DNS 管理者：下のレコードを登録してください。{ $destination } が DMARC サービスの場合は、そのサービスに依頼してください。{ $source } のメールアドレスを宛先にすることもできます。
    .paste = { $source }._report._dmarc.{ $destination }. IN TXT "v=DMARC1"

DMARC_REPORT_UNDELIVERABLE = { $source } の DMARC レポートの宛先は、メールを受け取れないドメインです
    .detail = { $destination } にはメールサーバーもアドレスもないか、メールを受け取らないと宣言されています。レポートは届きませんが、メール自体への影響はありません。
    .fix = DNS 管理者：レポート宛先を修正するか、{ $destination } でメールを受け取れるようにしてください。

DMARC_REPORT_UNKNOWN = { $source } の DMARC レポートが届くかどうか、判定できませんでした
    .detail = { $destinations } についての DNS の問い合わせに応答がありませんでした（{ $reason }）。メール自体への影響はありません。
    .fix = ヘルプデスク：数分後にもう一度チェックを実行してください。

DMARC_REPORTS_NOT_ALL_CHECKED = { $source } の DMARC レポートの宛先は、最初の { $limit } ドメインだけを確認しました
    .detail = 残りの { $left_out } ドメインは確認していません。受信側にも、多数の宛先に送る義務はありません。

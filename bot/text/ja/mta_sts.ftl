MTA_STS_ABSENT = { $domain } は MTA-STS を使っていません
    .detail = MTA-STS は、メールを受信するときに暗号化を必須にする仕組みです。任意の設定で、なくてもメールは届き、多くは暗号化されます。

MTA_STS_UNKNOWN = { $domain } が MTA-STS を使っているか確認できませんでした
    .detail = DNS の問い合わせに応答がありませんでした（{ $reason }）。同じことが起きた送信側は、以前に取得したポリシーに従うか、通常どおり配送します。
    .fix = ヘルプデスク：数分後にもう一度チェックを実行してください。続く場合は、DNS 管理者がネームサーバーを確認してください。

MTA_STS_MISPLACED = { $domain } の MTA-STS レコードが間違った場所に登録されています
    .detail = { $found_at } に { $record } が見つかりました。送信側は `_mta-sts.{ $domain }` しか調べないため、MTA-STS がないのと同じです。
    .fix = DNS 管理者：レコードを `_mta-sts.{ $domain }` に移してください。ドメイン名を自動で補う管理画面では、名前の欄に `_mta-sts` だけを入力します。
    .paste = _mta-sts.{ $domain }. IN TXT "{ $record }"

MTA_STS_NOT_RECOGNISED = `_mta-sts.{ $domain }` のレコードは MTA-STS として認識されません
    .detail = レコードは正確に `v=STSv1;` で始まる必要がありますが、現在の内容は { $record } です。送信側はこのレコードを無視し、MTA-STS なしで配送します。
    .fix = DNS 管理者：`v=STSv1;` で始まり、`id` が続くように修正してください。`id` は変更のたびに日付などの新しい値にします。
    .paste = _mta-sts.{ $domain }. IN TXT "v=STSv1; id={ $new_id }"

MTA_STS_MULTIPLE_RECORDS = `_mta-sts.{ $domain }` に MTA-STS レコードが複数あります
    .detail = 見つかったレコード：{ $records }。レコードは 1 件でなければならず、複数あると、送信側はレコードがないものとして扱います。
    .fix = DNS 管理者：最新のレコードを残し、ほかを削除してください。

MTA_STS_ALIAS_DANGLING = `_mta-sts.{ $domain }` は存在しない名前の別名になっています
    .detail = { $canonical } への CNAME ですが、参照先に何もありません。レコードを提供していたサービスの利用をやめた場合によく起こります。
    .fix = DNS 管理者：{ $canonical } を提供するサービスでレコードを設定するか、この別名を削除してください。

MTA_STS_MISSING_ID = { $domain } の MTA-STS レコードに `id` がありません
    .detail = 現在のレコードは { $record } です。`id` がないと、送信側はレコードがないものとして扱います。
    .fix = DNS 管理者：英数字の `id` を追加し、ポリシーを変更するたびに日付などの新しい値にしてください。
    .paste = _mta-sts.{ $domain }. IN TXT "v=STSv1; id={ $new_id }"

MTA_STS_BAD_ID = { $domain } の MTA-STS レコードの `id` が正しくありません
    .detail = { $part } は 1～32 文字の英数字ではないため、送信側はレコードがないものとして扱います。現在のレコードは { $record } です。
    .fix = DNS 管理者：ピリオド、ハイフン、引用符を使わず、日付などの英数字だけにしてください。
    .paste = _mta-sts.{ $domain }. IN TXT "v=STSv1; id={ $new_id }"

MTA_STS_BAD_TAG = { $domain } の MTA-STS レコードに余分な文字列があります
    .detail = { $part } は `名前=値` の形ではないため、送信側はレコードがないものとして扱います。現在のレコードは { $record } です。
    .fix = DNS 管理者：この部分を削除してください。

MTA_STS_DUPLICATE_TAG = { $domain } の MTA-STS レコードに項目 { $part } が 2 回あります
    .detail = 最初の値が使われます。現在のレコードは { $record } です。
    .fix = DNS 管理者：不要なほうを削除してください。

MTA_STS_POLICY_NO_ADDRESS = MTA-STS ポリシーを取得できません：{ $host } にアドレスがありません
    .detail = ポリシーがあるというレコードはありますが、ポリシーを置く Web サーバー { $host } が DNS にありません。以前にポリシーを取得していない送信側は、MTA-STS なしで配送します。
    .fix = DNS 管理者：ポリシーを置く Web サーバーを指す A、AAAA、CNAME のいずれかを { $host } に登録してください。MTA-STS を使わない場合は、代わりに `_mta-sts` のレコードを削除してください。

MTA_STS_POLICY_CONNECTION_REFUSED = MTA-STS ポリシーを取得できません：{ $host } が接続を拒否しています
    .detail = Mailcheck の設置場所から見ると、{ $host } では HTTPS の接続を待ち受けていません。以前にポリシーを取得していない送信側は、MTA-STS なしで配送します。
    .fix = Web 管理者：Web サーバーをポート 443 で動かし、ファイアウォールで受信を許可してください。

MTA_STS_POLICY_TLS_FAILED = MTA-STS ポリシーを取得できません：{ $host } と暗号化通信を確立できません
    .detail = Web サーバーは接続を受け付けますが、その後の TLS の接続処理に失敗します。以前にポリシーを取得していない送信側は、MTA-STS なしで配送します。
    .fix = Web 管理者：Web サーバーがポート 443 で TLS に対応し、{ $host } の証明書を持っているか確認してください。

MTA_STS_POLICY_CERTIFICATE_INVALID = MTA-STS ポリシーを取得できません：{ $host } の証明書が有効ではありません
    .detail = { $flaw ->
        [expired] 証明書の期限が切れています。
        [not_yet_valid] 証明書はまだ有効になっていません。
        [wrong_name] 証明書は別の名前のものです。
       *[untrusted] 公的な認証局の証明書ではないか、中間証明書が送られていません。
    } 送信側はこのポリシーを受け入れず、以前に取得していない送信側は MTA-STS なしで配送します。
    .fix = Web 管理者：{ $host } 用の公的な認証局の証明書を、中間証明書も含めて設定し、自動更新されるようにしてください。

MTA_STS_POLICY_REDIRECTED = MTA-STS ポリシーを取得できません：{ $host } がリダイレクトしています
    .detail = Web サーバーは { $location } に転送しています。送信側は転送先に進まない決まりのため、ポリシーがないものとして扱います。
    .fix = Web 管理者：{ $host } が `/.well-known/mta-sts.txt` をリダイレクトせずに直接返すように設定してください。

MTA_STS_POLICY_NOT_FOUND = MTA-STS ポリシーを取得できません：{ $host } にファイルがありません
    .detail = Web サーバーの応答はステータス { $status } です。送信側から見るとポリシーがありません。
    .fix = Web 管理者：{ $host } の `/.well-known/mta-sts.txt` にポリシーを置いてください。

MTA_STS_POLICY_WITHHELD = MTA-STS ポリシーの内容を確認できませんでした：{ $host } がファイルを返しません
    .detail = Web サーバーの応答はステータス { $status } です。Mailcheck だけを拒否しているか、一時的な障害の可能性があります。
    .fix = Web 管理者：ブラウザーでポリシーを開いてみてください。表示されない場合は Web サーバーを直してください。ボット対策を使っている場合は、このファイルを誰でも読めるようにしてください。

MTA_STS_POLICY_CONTENT_TYPE = { $host } の MTA-STS ポリシーがテキストとして返されていません
    .detail = Web サーバーが示す形式は { $content_type } です。`text/plain` だけを受け入れる送信側は、MTA-STS なしで配送します。
    .fix = Web 管理者：このファイルの Content-Type を `text/plain` にしてください。

MTA_STS_POLICY_TOO_BIG = { $host } の MTA-STS ポリシーが大きすぎます
    .detail = 送信側が読む目安の { $limit } を超えています。送信側は MTA-STS なしで配送する可能性があります。
    .fix = Web 管理者：本当にポリシーのファイルか確認してください。通常は数行です。

MTA_STS_POLICY_UNKNOWN = MTA-STS ポリシーの内容を確認できませんでした
    .detail = { $host } から取得できませんでした。理由：{ $reason }。
    .fix = ヘルプデスク：数分後にもう一度チェックを実行してください。続く場合は、外部からファイルを取得できるか Web 管理者が確認してください。

MTA_STS_POLICY_INVALID = { $domain } の MTA-STS ポリシーが正しくありません
    .detail = { $flaw ->
        [missing_version] `version: STSv1` の行がありません。
        [wrong_version] バージョンが { $part } になっています。`STSv1` でなければなりません。
        [missing_mode] `mode` の行がありません。
        [unknown_mode] モード { $part } は存在しません。使えるのは `enforce`、`testing`、`none` です。
        [missing_max_age] `max_age` の行がありません。
        [bad_max_age] `max_age` が { $part } になっています。秒数でなければなりません。
        [max_age_too_large] `max_age` が { $part } で、上限の 31557600 秒を超えています。
        [no_mx] メールサーバー（`mx`）の指定がありません。
        [bad_mx] { $line } 行目の { $part } は、ホスト名でも `*.` とドメイン名の組み合わせでもありません。
        [bad_line] { $line } 行目の { $part } は `項目: 値` の形ではありません。
       *[too_long] 長すぎます。
    } 送信側はポリシーがないものとして扱います。
    .fix = Web 管理者：ファイルを修正してください。または、テスト用の下のポリシーから始め、レポートに問題がなければ `enforce` に変えてください。そのつど、DNS 管理者が `_mta-sts` のレコードの `id` を変更します。
    .paste = { $policy ->
        [none]
            version: STSv1
            mode: testing
            mx: mx.{ $domain }
            max_age: 604800
       *[other] { $policy }
    }

MTA_STS_POLICY_UNTIDY = { $domain } の MTA-STS ポリシーに無視される行があります
    .detail = { $flaw ->
        [duplicate_field] { $line } 行目の項目 { $part } は 2 回目で、最初の値が使われます。
       *[unknown_field] { $line } 行目の項目 { $part } は存在しません。項目名の打ち間違いがよくあります。
    }
    .fix = Web 管理者：この行を修正するか削除してください。その後、DNS 管理者が `_mta-sts` のレコードの `id` を変更します。

MTA_STS_ENFORCED = { $domain } は検証できる暗号化を必須にしています（MTA-STS）
    .detail = { $patterns } についてポリシーが有効です。MTA-STS に対応した送信側は、証明書が有効な場合に限り、これらのホストにだけ配送します。

MTA_STS_TESTING = { $domain } の MTA-STS ポリシーはテスト中です
    .detail = 送信側は { $patterns } で失敗するはずの配送をレポートしますが、配送はします。最初の設定としては適切ですが、保護の効果はありません。
    .fix = メール管理者：レポート（TLS-RPT）に数週間問題がなければ、`mode` を `enforce` に変え、`_mta-sts` のレコードの `id` を変更してください。

MTA_STS_NONE = { $domain } の MTA-STS ポリシーは無効になっています
    .detail = モードが `none` のため、送信側は通常どおり配送します。MTA-STS をやめるときの正しい手順で、送信側は以前のポリシーを破棄します。
    .fix = DNS 管理者：MTA-STS をやめる場合は、以前の `max_age` の期間が過ぎてからレコードとポリシーを削除してください。続ける場合は、`mode` を `testing` に変え、レコードの `id` を変更してください。

MTA_STS_MAX_AGE_SHORT = 送信側は { $domain } の MTA-STS ポリシーを { $max_age } で破棄します
    .detail = その間ポリシーの取得を妨げるだけで、保護を外せてしまいます。通常は数週間にします。
    .fix = Web 管理者：`max_age` を 604800（1 週間）などに延ばしてください。その後、DNS 管理者が `_mta-sts` のレコードの `id` を変更します。

MTA_STS_MX_NOT_COVERED = { $domain } の MTA-STS ポリシーに含まれていないメールサーバーがあります
    .detail = メールの配送先は { $hosts } ですが、有効なポリシーが許可しているのは { $patterns } だけです（`*` は名前の 1 区切り分に相当します）。大手を含む MTA-STS 対応の送信側は、ここに配送しません。
    .fix = Web 管理者：MX レコードが正しければ、下のようにメールサーバーをポリシーに追加してください。その後、DNS 管理者が `_mta-sts` のレコードの `id` を変更します。
    .paste = { $policy }

MTA_STS_MX_NO_TLS = MTA-STS が必須にしている暗号化に対応していないメールサーバーがあります
    .detail = { $hosts } は STARTTLS に対応していないか、拒否または失敗しますが、{ $domain } のポリシーは有効です。大手を含む MTA-STS 対応の送信側は、ここに配送しません。
    .fix = メール管理者：STARTTLS を有効にしてください。それまでは、Web 管理者が `mode` を `testing` にし、DNS 管理者が `_mta-sts` のレコードの `id` を変更します。

MTA_STS_MX_CERTIFICATE_INVALID = MTA-STS が求める有効な証明書を持たないメールサーバーがあります
    .detail = { $hosts } の証明書は{ $flaw ->
        [expired] 期限が切れています
        [not_yet_valid] まだ有効になっていません
        [wrong_name] 別の名前のものです
       *[untrusted] 公的な認証局のものではないか、中間証明書が不足しています
    }。一方、{ $domain } のポリシーは有効です。大手を含む MTA-STS 対応の送信側は、ここに配送しません。
    .fix = メール管理者：メールサーバーの名前を含む公的な認証局の証明書を、中間証明書も含めて設定してください。それまでは、Web 管理者が `mode` を `testing` にし、DNS 管理者が `_mta-sts` のレコードの `id` を変更します。

MTA_STS_BLOCKS_DELIVERY = MTA-STS のために { $domain } にメールが届きません
    .detail = 有効なポリシーを満たすメールサーバーが 1 台もありません：{ $hosts }。大手を含む MTA-STS 対応の送信側は配送を保留し、数日後に差し戻します。
    .fix = Web 管理者：今すぐポリシーを下の内容（モードは `testing`）に置き換えてください。その後、DNS 管理者が `_mta-sts` のレコードの `id` を `{ $new_id }` に変更します。送信側はこの変更を確認し次第、配送を再開します。メール管理者：この項目のほかの結果が示す点を直してください。`enforce` に戻すのはその後です。
    .paste = { $policy }

MTA_STS_TESTING_MX_NOT_COVERED = テスト中の MTA-STS ポリシーに含まれていないメールサーバーがあります
    .detail = { $domain } あてのメールの配送先は { $hosts } ですが、ポリシーが許可しているのは { $patterns } だけです（`*` は名前の 1 区切り分に相当します）。テスト中はメールに影響しませんが、`enforce` にすると送信側はここに配送しません。
    .fix = Web 管理者：MX レコードが正しければ、下のようにメールサーバーをポリシーに追加してください。その後、DNS 管理者が `_mta-sts` のレコードの `id` を変更します。
    .paste = { $policy }

MTA_STS_TESTING_MX_NO_TLS = テスト中の MTA-STS ポリシーが求める暗号化に対応していないメールサーバーがあります
    .detail = { $hosts } は STARTTLS に対応していないか、拒否または失敗します。{ $domain } のポリシーのテスト中はメールに影響しませんが、`enforce` にすると送信側はここに配送しません。
    .fix = メール管理者：ポリシーを `enforce` にする前に STARTTLS を有効にしてください。

MTA_STS_TESTING_MX_CERTIFICATE_INVALID = テスト中の MTA-STS ポリシーが求める有効な証明書を持たないメールサーバーがあります
    .detail = { $hosts } の証明書は{ $flaw ->
        [expired] 期限が切れています
        [not_yet_valid] まだ有効になっていません
        [wrong_name] 別の名前のものです
       *[untrusted] 公的な認証局のものではないか、中間証明書が不足しています
    }。{ $domain } のポリシーのテスト中はメールに影響しませんが、`enforce` にすると送信側はここに配送しません。
    .fix = メール管理者：ポリシーを `enforce` にする前に、メールサーバーの名前を含む有効な証明書を設定してください。

MTA_STS_MX_UNKNOWN = メールサーバーが { $domain } の MTA-STS ポリシーを満たすか確認できませんでした
    .detail = 送信側から見た { $hosts } の暗号化の状態は分かりません（{ $reason ->
        [none] サーバーの応答により、確認の途中で終わりました
       *[other] { $reason }
    }）。
    .fix = ヘルプデスク：受信サーバーの項目を参照し、時間をおいてもう一度チェックを実行してください。

MTA_STS_HOSTS_UNKNOWN = { $domain } の MTA-STS ポリシーがメールサーバーと合っているか確認できませんでした
    .detail = メールサーバー自体を確認できませんでした。MX レコードの項目を参照してください。
    .fix = ヘルプデスク：数分後にもう一度チェックを実行してください。

TLS_RPT_FOUND = { $domain } の暗号化の失敗は、送信側からレポートされます
    .detail = レポート（TLS-RPT）の宛先は { $addresses } です。

TLS_RPT_ABSENT = { $domain } は暗号化のレポート（TLS-RPT）を求めていません
    .detail = 任意の設定です。レポートを受け取ると、送信側が { $domain } あてのメールを暗号化できているか分かります。メールの配送には影響しません。

TLS_RPT_BLIND = { $domain } で MTA-STS が失敗しても誰も気付けません
    .detail = MTA-STS ポリシーのモードは { $mode } ですが、レポート（TLS-RPT）を求める有効なレコードがありません。送信側がポリシーのために配送できなくても、受信側では分かりません。
    .fix = DNS 管理者：下のレコードを登録してください。宛先のメールボックスを用意するか、別の宛先に変えてください。
    .paste = _smtp._tls.{ $domain }. IN TXT "v=TLSRPTv1; rua=mailto:tls-reports@{ $domain }"

TLS_RPT_WITHOUT_MTA_STS = { $domain } は暗号化のレポートを求めていますが、MTA-STS ポリシーはありません
    .detail = 問題はありません。レポートの対象は、DANE（使っている場合）と通常の暗号化になります。

TLS_RPT_UNKNOWN = { $domain } が暗号化のレポート（TLS-RPT）を求めているか確認できませんでした
    .detail = DNS の問い合わせに応答がありませんでした（{ $reason }）。メールの配送には影響しません。
    .fix = ヘルプデスク：数分後にもう一度チェックを実行してください。

TLS_RPT_MISPLACED = { $domain } の TLS-RPT レコードが間違った場所に登録されています
    .detail = ドメイン自体に { $record } が見つかりました。送信側は `_smtp._tls.{ $domain }` しか調べないため、レポートは送られません。
    .fix = DNS 管理者：レコードを `_smtp._tls.{ $domain }` に移してください。ドメイン名を自動で補う管理画面では、名前の欄に `_smtp._tls` だけを入力します。
    .paste = _smtp._tls.{ $domain }. IN TXT "{ $record }"

TLS_RPT_NOT_RECOGNISED = `_smtp._tls.{ $domain }` のレコードは TLS-RPT として認識されません
    .detail = レコードは正確に `v=TLSRPTv1;` で始まる必要がありますが、現在の内容は { $record } です。送信側はこのレコードを無視し、レポートを送りません。
    .fix = DNS 管理者：レコードを修正してください。
    .paste = _smtp._tls.{ $domain }. IN TXT "v=TLSRPTv1; rua=mailto:tls-reports@{ $domain }"

TLS_RPT_MULTIPLE_RECORDS = `_smtp._tls.{ $domain }` に TLS-RPT レコードが複数あります
    .detail = 見つかったレコード：{ $records }。レコードは 1 件でなければならず、複数あると、送信側はレポートを送りません。
    .fix = DNS 管理者：すべての宛先をカンマ区切りで 1 件のレコードにまとめ、ほかを削除してください。

TLS_RPT_ALIAS_DANGLING = `_smtp._tls.{ $domain }` は存在しない名前の別名になっています
    .detail = { $canonical } への CNAME ですが、参照先に何もありません。レコードを提供していたサービスの利用をやめた場合によく起こります。
    .fix = DNS 管理者：{ $canonical } を提供するサービスでレコードを設定するか、この別名を削除してください。

TLS_RPT_MISSING_RUA = { $domain } の TLS-RPT レコードにレポートの宛先がありません
    .detail = `rua=` がないため、送信側はレポートを送れません。
    .fix = DNS 管理者：宛先を指定した `rua=` を追加してください。
    .paste = _smtp._tls.{ $domain }. IN TXT "v=TLSRPTv1; rua=mailto:tls-reports@{ $domain }"

TLS_RPT_NO_VALID_RUA = { $domain } の TLS-RPT レコードに有効な宛先がありません
    .detail = { $part } は、`mailto:` で始まるメールアドレスか、`https:` で始まる Web アドレスでなければなりません。現在はレポートが送られません。
    .fix = DNS 管理者：宛先を修正してください。
    .paste = _smtp._tls.{ $domain }. IN TXT "v=TLSRPTv1; rua=mailto:tls-reports@{ $domain }"

TLS_RPT_ADDRESS_INVALID = { $domain } の TLS-RPT レコードに正しくない宛先があります
    .detail = { $part } は、`mailto:` で始まるメールアドレスでも `https:` で始まる Web アドレスでもありません。ここにはレポートが送られません。
    .fix = DNS 管理者：修正するか削除してください。

TLS_RPT_SCHEME = { $domain } の TLS-RPT レコードに使えない種類の宛先があります
    .detail = { $part } は `mailto:` でも `https:` でも始まっていません。ここにはレポートが送られません。
    .fix = DNS 管理者：修正するか削除してください。

TLS_RPT_SEMICOLON_IN_LIST = { $domain } の TLS-RPT レコードの宛先がセミコロンで区切られています
    .detail = 複数の宛先はカンマで区切ります。{ $part } の前がセミコロンになっているため、送信側はレコード全体を無効とみなします。
    .fix = DNS 管理者：このセミコロンをカンマに変えてください。

TLS_RPT_BAD_TAG = { $domain } の TLS-RPT レコードに余分な文字列があります
    .detail = { $part } は `名前=値` の形ではないため、送信側はレコード全体を無効とみなします。
    .fix = DNS 管理者：この部分を削除してください。

TLS_RPT_DUPLICATE_TAG = { $domain } の TLS-RPT レコードに項目 { $part } が 2 回あります
    .detail = どちらを使うかは送信側によって異なります。
    .fix = DNS 管理者：すべての宛先をカンマ区切りで 1 つの `rua=` にまとめてください。

TLS_RPT_UNKNOWN_TAG = { $domain } の TLS-RPT レコードに存在しない項目があります
    .detail = { $part } という項目はないため、送信側は無視します。項目名の打ち間違いがよくあります。
    .fix = DNS 管理者：修正するか削除してください。

TLS_RPT_REPORT_UNDELIVERABLE = { $domain } の暗号化のレポートは、メールを受け取らないドメインあてになっています
    .detail = { $destination } にはメールサーバーもアドレスもないか、メールを受け取らないと宣言されています。レポートは届きませんが、ほかのメールには影響しません。
    .fix = DNS 管理者：レポートの宛先を修正するか、{ $destination } でメールを受信できるようにしてください。

TLS_RPT_REPORT_UNKNOWN = { $domain } の暗号化のレポートが届くか確認できませんでした
    .detail = { $destinations } についての DNS の問い合わせに応答がありませんでした（{ $reason }）。ほかのメールには影響しません。
    .fix = ヘルプデスク：数分後にもう一度チェックを実行してください。

TLS_RPT_REPORTS_NOT_ALL_CHECKED = { $domain } の暗号化のレポートの宛先は、最初の { $limit } ドメインだけを確認しました
    .detail = 残りの { $left_out } ドメインは確認していません。

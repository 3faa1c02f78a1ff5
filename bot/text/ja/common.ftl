# どのチェックにも起こりうること。

CHECK_CRASHED = Mailcheck の不具合により、この項目を確認できませんでした
    .detail = この項目については何も分かっていません。原因は Mailcheck 側にあり、メール環境に問題があるという意味ではありません。詳細はボットのログに記録されています。
    .fix = ヘルプデスク：もう一度チェックを実行してください。再び失敗する場合は、ボットの管理者に連絡してください。

CHECK_TIMED_OUT = この項目は { $after }以内に終わりませんでした
    .detail = 問い合わせ先の応答が遅く、この項目は未確認です。応答が遅いことは、故障していることと同じではありません。時間内に得られた応答は記録に残しています。
    .fix = ヘルプデスク：数分後にもう一度チェックを実行してください。

CHECK_SKIPPED = 「{ $because }」の結果が必要なため、この項目は見送りました
    .detail = この項目は「{ $because }」の結果をもとに調べます。使える結果がないまま答えると推測になります。
    .fix = ヘルプデスク：先に「{ $because }」を確認してから、もう一度チェックを実行してください。

# 判定。

severity-ok = 問題なし
severity-notice = 問題なし（補足あり）
severity-unknown = 判定できず
severity-warning = 要注意
severity-problem = 問題あり

state-open = 実行中
state-done = 完了
state-interrupted = 中断

confidence-confirmed = 確認済み（エラーメールの内容と実際の確認結果が一致しています）
confidence-likely = 高い
confidence-possible = 可能性あり（受信側によっては影響します）
confidence-contradicted = 解消済みの可能性（エラーメールはそう伝えていますが、現在の確認では正常です）

window-minute = 1 分あたり
window-hour = 1 時間あたり
window-day = 1 日あたり

# チェックの名前。

check-domain = ドメイン
check-authority = ネームサーバー
check-mx = メールサーバー（MX）
check-reverse = 逆引き DNS
check-spf = SPF
check-dkim = DKIM
check-dmarc = DMARC
check-role = ドメインの用途
check-drift = MX と SPF の整合
check-mta-sts = MTA-STS
check-tls-rpt = TLS レポート（TLS-RPT）
check-dane = DANE
check-bimi = ロゴ（BIMI）
check-receiving = 受信サーバー
check-submission = 送信サーバーとログイン
check-blocklists = ブロックリスト
check-provider = メールプロバイダー
check-provider-status = サービスの稼働状況
check-limits = 送信制限
check-size = メールのサイズ
check-by-hand = 手作業での確認

# 対処の章。

remedy-reputation = ブロックリストとマルウェア
remedy-limits = 送信制限
remedy-smtp-auth = SMTP 認証と接続
remedy-dns = DNS レコード
remedy-provider = メールプロバイダーへの問い合わせ
remedy-network = サーバーまでの経路
remedy-size = メールのサイズ

# 応答が得られない理由。

trouble-timeout = 時間内に応答がありませんでした
trouble-servfail = DNS リゾルバーが回答を得られませんでした（SERVFAIL）
trouble-bogus = DNSSEC の署名が正しくないため、リゾルバーが回答を返しませんでした
trouble-refused = DNS サーバーが問い合わせを拒否しました（REFUSED）
trouble-formerr = DNS サーバーが問い合わせを解釈できませんでした（FORMERR）
trouble-lame = ゾーンの担当とされている DNS サーバーが、そのゾーンを持っていません
trouble-leads-away = 名前が別名（CNAME）で、問い合わせた DNS サーバーは別名の先の情報を持っていません
trouble-bad-answer = 返ってきた内容が正しい応答ではありません
trouble-tcp-blocked = 応答が UDP に収まらず、TCP での DNS 通信も通りません
trouble-too-big = 応答が大きすぎるため、読み取りを中止しました
trouble-server-unreachable = Mailcheck から DNS リゾルバーに接続できません
trouble-bad-name = DNS で問い合わせできない名前です
trouble-overloaded = Mailcheck が混み合っていました。もう一度実行してください
trouble-enough-asked = 1 回のチェックで行える問い合わせの上限に達しました
trouble-guarded = プライベートアドレスのため、Mailcheck からは接続しません
trouble-connection-refused = そのポートで待ち受けているサービスがありません（接続拒否）
trouble-network-unreachable = ここからそのアドレスへの経路がありません
trouble-disconnected = サーバーが途中で接続を切断しました
trouble-not-smtp = 応答した相手は SMTP サーバーではありません
trouble-tls-failed = 暗号化通信（TLS）を確立できませんでした
trouble-no-address = ホスト名に IP アドレスがありません
trouble-http-status = Web サーバーから文書を取得できませんでした

# ドメイン名として正しくない理由。

name-empty = 何も入力されていません
name-too-long = ドメイン名として長すぎます
name-bad-label = ドメイン名に使えない文字または部分が含まれています
name-single-label = ドット（.）が含まれていません
name-numeric-top = 末尾が数字ですが、IP アドレスではありません

# 列挙と単位。

list-two = { $items }、{ $last }
list-separator = 、
list-more = { $items } ほか { $rest } 件
unit-seconds = { $seconds } 秒
unit-minutes = { $count } 分
unit-hours = { $count } 時間
unit-days = { $count } 日

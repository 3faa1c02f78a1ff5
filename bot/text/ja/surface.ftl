# 親メッセージ。1 回のチェックに 1 件で、進み具合に合わせて更新します。

parent-checking = { $target } を確認しています
parent-done = { $target }：{ $verdict }
parent-interrupted = { $target }：確認が中断されました
parent-progress = { $total } 項目中 { $done } 項目が完了
parent-took = { $total } 項目を { $took }で確認
parent-asked = 依頼：{ $who }、{ $when }
parent-step = { $check }：{ $title }
parent-fine = 問題なし：{ $checks }
parent-noticed = 問題なし（補足あり）：{ $checks }
parent-running = 確認中：{ $checks }
parent-waiting = 待機中：{ $checks }
parent-left-out = 「{ $because }」の結果が必要なため見送り：{ $checks }
parent-not-reached = 未確認：{ $checks }
parent-unread = 別のバージョンの Mailcheck による結果 { $count } 件は表示していません

# チケットの内容。

case-sender-ip = 送信元 IP { $value }
case-sender = 差出人 { $value }
case-recipient = 宛先 { $value }
case-selector = セレクター { $value }
case-size = { $value }
case-sent = { $per } { $count } 通
case-bounce = エラーメールあり
case-reference = チケット { $value }

# スレッド。

step-title = { $check } · { $took }
step-fix = 対処：
step-paste = 貼り付ける内容：
step-figure = 項目ごとの内訳：
step-evidence = 根拠：
step-fallback = { $checks }：{ $verdict }

# まとめ。

summary-title = { $target } の確認結果
summary-cause = 最も可能性の高い原因：{ $cause }
summary-clear = メールが止まる原因は見つかりませんでした
summary-clear-few = 指定された項目では、メールが止まる原因は見つかりませんでした：{ $checks }
summary-clear-next = メールの送信元アドレスを調べ（エラーメール、または受信側のサーバーが付けた Received 行）、`ip:` で指定してもう一度チェックしてください。`to:` と `selector:` を添えると、そのメールの経路をさらに追えます。これらがない場合、分かるのはメール環境の状態だけで、個々のメールについては分かりません。メールソフト自体が接続できない場合は、「詳細」の「手作業での確認」にあるコマンドで、利用者の端末からの経路を試してください。
summary-open = メールが止まる原因を判定できませんでした
summary-open-points = メールが止まる原因は見つかりませんでしたが、判定できない項目があります
summary-open-next = 数分後にもう一度チェックしてください。同じ項目が判定できないままの場合は、ボットから該当サーバーまでの経路を確認してください。
summary-unexplained = 原因を 1 つに絞れない問題が見つかりました
summary-confidence = 確度：
summary-owner = 対応する人：
summary-first = 最初に行うこと：
summary-resend = 利用者：メールをもう一度送ってください。エラーメールが指摘した点は、現在は正常です。同じエラーが戻ってきた場合は、新しいエラーメールでもう一度チェックを実行してください。
summary-more = 続きの手順は、スレッドの{ $checks }にあります。
summary-shown-by = 判断の根拠：
summary-bounce-only = エラーメールの内容だけに基づいています。実際の確認では検出されませんでした。
summary-also = ほかに考えられる原因
summary-also-cause = { $cause }。対応する人：{ $owner }
summary-untold = 判定できなかった項目
summary-interrupted = チェックが途中で終わったため、結果は一部のみです

button-check-again = もう一度確認
button-details = 詳細
button-handover = 引き継ぎ文
button-export = エクスポート

# 履歴。

history-all = すべての対象
history-title = { $what } の最近のチェック
history-none = { $what } のチェックはまだありません
history-line = { $when } · { $target } · { $verdict } · { $run }

diff-title = { $target }：{ $since } からの変化
diff-same = 変化はありません
diff-appeared = 新規：
diff-gone = 解消：

last-title = { $target }（前回の確認：{ $when }）：{ $verdict }

# ヘルプ。各行の前にコマンドが付きます。

help-title = Mailcheck は、メールが送信できない・届かない原因を調べます
help-check = ドメイン、メールアドレス、IP アドレス、ホスト名を確認します
help-hints = チケットの情報を添えて確認します。情報が多いほど、原因を絞り込めます
help-bounce = エラーメールを貼り付けると、内容を説明します
help-limits = プロバイダーの送信制限を、出典と日付付きで表示します
help-history = 過去の結果を、対象・チケット・担当者ごとに表示します
help-last = 対象の前回の結果を表示します
help-diff = 前回のチェックから変わった点を表示します
help-export = 引き継ぎ用に、結果と根拠をすべて出力します
help-private = private を付けると、結果は自分だけに表示されます

# 入力の誤り。入力した本人だけに表示されます。

mistake-no-target = { $about ->
    [none] 確認する対象が入力されていません
   *[other] { $about } の後に、ドメイン、アドレス、または名前を入力してください
 }
mistake-bad-target = { $word } はドメイン、アドレス、ホスト名として読み取れません。{ $reason }
mistake-two-targets = 一度に確認できる対象は 1 つです。{ $word } を外してください
mistake-network = { $word } はネットワークの指定です。アドレスを 1 つ入力してください
mistake-unknown-word = { $suggestion ->
    [none] { $word } というコマンドはありません
   *[other] { $word } というコマンドはありません。{ $suggestion } のことでしょうか。
 }
mistake-unknown-key = { $suggestion ->
    [none] { $word } という項目はありません
   *[other] { $word } という項目はありません。{ $suggestion } のことでしょうか。
 }
mistake-unknown-check = { $suggestion ->
    [none] { $word } というチェックはありません
   *[other] { $word } というチェックはありません。{ $suggestion } のことでしょうか。
 }
mistake-not-here = { $word } は { $about } と一緒には使えません
mistake-bad-value = { $word ->
    [none] { $about } の値が入力されていません
   *[other] { $reason ->
        [none] { $word } は { $about } の値として使えません
       *[other] { $word } は { $about } の値として使えません。{ $reason }
     }
 }
mistake-twice = { $about } が 2 回指定されています
mistake-pasted-text = エラーメールまたはサーバーの応答のようです。{ $suggestion } コマンドで開くフォームに貼り付けてください。
mistake-password = パスワードが含まれているようです。保存はしていませんが、ほかの人の目に触れた可能性があるため、変更をお願いします。ログインの確認は、ボットのあるマシンの端末で { $suggestion } を実行してください。パスワードは画面に表示されません。
mistake-unknown-run = 番号 { $run } のチェックは見つかりません
mistake-unknown-provider = { $suggestion ->
    [none] { $word } という名前のプロバイダーは手元のデータにありません。代わりにドメインを入力すると、利用しているサービスを調べます
   *[other] { $word } という名前のプロバイダーは手元のデータにありません。{ $suggestion } のことでしょうか。
 }
mistake-example = 例：{ $example }

# お知らせ。

notice-invite = Mailcheck がこのチャンネルに参加していないため、全員に見える形では回答できません。{ $command } と入力してから、もう一度チェックしてください。
notice-queued = 先に { $ahead } 件のチェックがあります。順番が来ると自動的に始まります。
notice-not-allowed = この場所またはこのアカウントでは Mailcheck を利用できません。ボットの管理者に確認してください。
notice-running = { $target } はこのチャンネルで確認中です。結果はそのスレッドに表示されます。
notice-too-many = 短時間のチェックが多すぎるため、今回のチェックは開始していません。1 分ほどしてからもう一度お試しください。
notice-never-good = { $target } には問題のなかったチェックがまだないため、比較できません
notice-login = ログインの確認は、端末で { $command } を実行した場合に限ります。パスワードは Slack に入力しないでください。
notice-not-yet = { $command } はここでは利用できません
notice-form-late = フォームを時間内に開けませんでした。もう一度コマンドを入力してください。
notice-fault = Mailcheck 側で問題が発生しました。ボットの管理者に次の番号を伝えてください：{ $incident }

# エクスポート。

export-title = { $target } のメールチェック
export-run = チェック { $run }、{ $when }、Mailcheck { $version }
export-steps = 項目
export-evidence = 根拠
export-no-answer = 応答なし

# 対応する人に送る文面。メールや問い合わせフォームにそのまま貼れる平文。

handover-title = 送り先：{ $owner }
handover-anybody = 送信側のメール管理者またはプロバイダー
handover-subject = 件名：{ $target } のメールについて（{ $about }）
handover-no-cause = 送信または配信できない
handover-hello = ご担当者様
handover-found = { $target } のメールが正常に送信または配信されていません。{ $when } に調査し、次の点が見つかりました。
handover-nothing = { $target } のメールが正常に送信または配信されていません。{ $when } に調査しましたが、外部から確認できる異常はありませんでした。お手数ですが、失敗した時刻の前後について、このドメインのメールのログをご確認のうえ、結果をお知らせください。
handover-ask = お願いしたいこと：
handover-evidence = 調査の記録（問い合わせ、サーバー、時刻、回答）：
handover-reference = 当方の管理番号：{ $value }（ご返信の際にお書き添えください）
handover-close = 必要でしたら、失敗したメール 1 通の送信者、宛先、Message-ID をお知らせします。よろしくお願いいたします。

# エラーメールを貼り付けるフォーム。題名とボタンは 24 文字まで。

form-title = エラーメールの説明
form-submit = 説明を見る
form-close = 閉じる
form-text = エラーメール、エラー番号のある行、またはコマンドの出力
form-hint = 3,000 文字まで。理由が書かれた部分だけで足ります。パスワードは入れないでください。内容は保存されません。
form-live-label = 説明のあと
form-live = 関係するドメインをチェックする（結果はこのチャンネルのスレッドで全員に見えます）

# 利用者の端末で実行したコマンドの結果。

desk-title = 利用者の端末での結果
seen-resolved = サーバーの名前を引けています。DNS に問題はありません。
seen-no-such-name = サーバーの名前を引けません。綴りを確認してください。正しい場合は、そのネットワークの DNS サーバーがこの名前を知りません。スマートフォンのテザリングなど別のネットワークで、同じコマンドを試してください。
seen-name-server-failed = そのネットワークの DNS サーバーが応答しないか、エラーを返しています。ネットワーク管理者：端末が使っている DNS サーバーを確認してください。
seen-open = 接続できています。それでも送信できない場合は、ネットワークではなく、メールソフトの TLS とログインの設定を確認してください。
seen-refused = 接続がすぐに拒否されます。そのポートで待ち受けていないか、ファイアウォールが拒否しています。スマートフォンのテザリングなど別のネットワークと比べてください。そこで接続できる場合は、ネットワーク管理者がポートを開ける必要があります。
seen-timed-out = 応答がありません。ファイアウォールか回線事業者が通信を止めている可能性が高いです。25 ではなく 465 か 587 のポートと、別のネットワークを試してください。そこで接続できる場合は、ネットワーク管理者か回線事業者がポートを開ける必要があります。
seen-no-route = そのネットワークからは経路がありません。IPv6 がないことがよくある原因です。IPv4 のアドレスか、別のネットワークで試してください。
seen-blocked = 接続できません。スマートフォンのテザリングなど別のネットワークと比べてください。そこで接続できる場合は、ファイアウォールか回線事業者が妨げています。
seen-tls-valid = 証明書はサーバー自身のもので、有効です。暗号化に問題はありません。
seen-tls-expired = 証明書の期限が切れているか、端末の時計がずれています。まず端末の日付を確認し、正しければプロバイダーに伝えてください。
seen-tls-wrong-name = 証明書は別の名前のものです。メールソフトのサーバー名を確認し、正しければプロバイダーに伝えてください。
seen-tls-untrusted = 端末が証明書を信頼していません。発行元が知られていないか、証明書チェーンの一部が欠けています。サーバーの管理者に伝えてください。
seen-tls-intercepted = ウイルス対策ソフトまたはプロキシが途中に入り、自身の証明書を見せています。ネットワーク管理者：メールサーバーを対象から外すか、その証明書を端末に入れてください。
seen-tls-none = そのポートでは TLS を使えません。ポートと暗号化の種類を確認してください。465 は最初から TLS、587 は STARTTLS です。
explain-message = これはメール本体またはヘッダーで、エラーメールではありません。{ $command } で、署名、経路、送信者を実際に確認します。

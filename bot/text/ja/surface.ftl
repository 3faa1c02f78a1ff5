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
step-evidence = 根拠：
step-fallback = { $checks }：{ $verdict }

# まとめ。

summary-title = { $target } の確認結果
summary-cause = 最も可能性の高い原因：{ $cause }
summary-clear = メールが止まる原因は見つかりませんでした
summary-clear-next = 利用者にエラーメール、宛先のアドレス、送信した時刻を確認し、それらを添えてもう一度チェックしてください。これらがない場合、外部から分かるのはメール環境の状態だけで、個々のメールについては分かりません。
summary-open = メールが止まる原因を判定できませんでした
summary-open-next = 数分後にもう一度チェックしてください。同じ項目が判定できないままの場合は、ボットから該当サーバーまでの経路を確認してください。
summary-unexplained = 原因を 1 つに絞れない問題が見つかりました
summary-confidence = 確度：
summary-owner = 対応する人：
summary-first = 最初に行うこと：
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
help-login = メールのログインを非公開で試します。パスワードは保存しません
help-limits = プロバイダーの送信制限を、出典と日付付きで表示します
help-history = 過去の結果を、対象・チケット・担当者ごとに表示します
help-last = 対象の前回の結果を表示します
help-diff = 前回のチェックから変わった点を表示します
help-export = 引き継ぎ用に、結果と根拠をすべて出力します
help-watch = 定期的に確認し、変化があればお知らせします
help-unwatch = 定期的な確認を終了します
help-watches = 定期的に確認している対象を表示します
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
mistake-password = パスワードが含まれているようです。保存はしていませんが、ほかの人の目に触れた可能性があるため、変更をお願いします。ログインの確認には、{ $suggestion } コマンドで開く非公開のフォームをご利用ください。
mistake-unknown-run = 番号 { $run } のチェックは見つかりません
mistake-example = 例：{ $example }

# お知らせ。

notice-invite = Mailcheck がこのチャンネルに参加していないため、全員に見える形では回答できません。{ $command } と入力してから、もう一度チェックしてください。
notice-queued = 先に { $ahead } 件のチェックがあります。順番が来ると自動的に始まります。
notice-not-allowed = この場所またはこのアカウントでは Mailcheck を利用できません。ボットの管理者に確認してください。
notice-running = { $target } はこのチャンネルで確認中です。結果はそのスレッドに表示されます。
notice-too-many = 短時間のチェックが多すぎるため、今回のチェックは開始していません。1 分ほどしてからもう一度お試しください。
notice-never-good = { $target } には問題のなかったチェックがまだないため、比較できません
notice-not-yet = { $command } はここでは利用できません
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

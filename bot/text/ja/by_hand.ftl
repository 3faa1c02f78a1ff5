# 利用者の端末でしか分からないこと。

BY_HAND_COMMANDS = 利用者の端末で試す：{ $host } のポート { $port } までの経路
    .detail = Mailcheck の設置場所からは、{ $host } のポート { $port } に接続できます。それでも利用者のメールソフトが接続できない場合は、設定の誤りか、途中にあるもの（ファイアウォール、ポートを遮断している回線事業者、社内の DNS サーバー、暗号化通信を検査するウイルス対策ソフト）が原因と考えられます。
    .fix = ヘルプデスク：送信できない端末で、問題が起きているネットワークのまま、次のコマンドを利用者に実行してもらい、表示された内容をすべて `/mailcheck bounce` のフォームに貼り付けてください。Mailcheck が内容を読み取り、意味を説明します。
    .paste = Windows（PowerShell）
        nslookup { $host }
        Test-NetConnection { $host } -Port { $port }

        macOS と Linux
        nslookup { $host }
        nc -vz -w 5 { $host } { $port }
        { $port ->
            [465] openssl s_client -connect { $host }:465 -servername { $host } -verify_hostname { $host } </dev/null
           *[other] openssl s_client -starttls smtp -connect { $host }:{ $port } -servername { $host } -verify_hostname { $host } </dev/null
        }

BY_HAND_TRY_THERE = 利用者の端末で試す：{ $host } のポート { $port } までの経路
    .detail = { $here ->
        [closed] Mailcheck の設置場所からは、{ $host } のポート { $port } でメールサーバーが応答しません。利用者の端末からは応答がある場合、原因は利用者側ではなく、Mailcheck 側のネットワークです。
       *[unknown] { $host } のポート { $port } に接続できるかどうか、Mailcheck の設置場所からは確認できませんでした。利用者の端末で試すと分かります。
    }
    .fix = ヘルプデスク：送信できない端末で、問題が起きているネットワークのまま、次のコマンドを利用者に実行してもらい、表示された内容をすべて `/mailcheck bounce` のフォームに貼り付けてください。Mailcheck が内容を読み取り、意味を説明します。
    .paste = { BY_HAND_COMMANDS.paste }

BY_HAND_NO_SERVER = 送信サーバーが分からないため、利用者の端末で試すことはありません
    .detail = 「送信サーバーとログイン」で送信サーバーが見つかりませんでした。公開されておらず、よく使われる名前でも応答がありませんでした。

BY_HAND_SERVER_UNKNOWN = 利用者の端末で試す送信サーバーを特定できませんでした
    .detail = 「送信サーバーとログイン」が完了しなかったため、送信サーバーがあるかどうかは分かりません。
    .fix = ヘルプデスク：数分後に、もう一度チェックを実行してください。その間に、利用者のメールソフトに設定されている送信サーバーの名前とポートを確認してください。

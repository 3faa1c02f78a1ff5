DRIFT_NONE = { $domain } のメールは { $providers } に届き、SPF レコードもそこからの送信を許可しています
    .detail = Mailcheck が見分けられるメールサービスの範囲では、MX と SPF は一致しています。

DRIFT_NOT_COMPARABLE = { $domain } の MX と SPF を比べる手がかりがありません
    .detail = { $hosts ->
        [none] メールサーバーが登録されていません。
       *[other] SPF レコードがないか、メールサーバーがメールサービスのものではなく、このドメイン自身のものです：{ $hosts }
    }

DRIFT_UNKNOWN = { $domain } の MX と SPF が一致しているかどうかを判定できませんでした
    .detail = メールは { $hosts } に届きます。そこから送信する場合の SPF の書き方が Mailcheck のデータにないか、SPF レコードに書かれたアドレス、または読み取れなかったレコードに、正しい送信元が含まれている可能性があります。
    .fix = ヘルプデスク：SPF レコードに必要な記述を、{ $hosts } の運用者に確認してください。DNS 管理者：その記述が登録されていることを確認してください。

DRIFT_SPF_OF_OTHER_PROVIDER = { $domain } のメールは { $provider } に届きますが、SPF レコードが許可しているのは { $others } です
    .detail = メールサービスの移行が途中で止まっている場合に、このような状態になります。{ $provider } から送ったメールは受信側で SPF に合格せず、迷惑メールに入ったり拒否されたりします。
    .fix = DNS 管理者：{ $provider } から送信している場合は、SPF レコードの末尾の `all` より前に次の内容を追加し、{ $others } から誰も送信しなくなったら、その記述を削除してください。{ $provider } の DKIM も同時に設定してください。
    .paste = include:{ $include }

DRIFT_SPF_LACKS_PROVIDER = { $domain } のメールは { $provider } に届きますが、SPF レコードは { $provider } を許可していません
    .detail = { $provider } から送信もしている場合、そのメールは SPF に合格しません。別のサービスだけから送信しているなら問題ありません。
    .fix = DNS 管理者：{ $provider } から送信している場合は、SPF レコードの末尾の `all` より前に次の内容を追加してください。
    .paste = include:{ $include }

DRIFT_SPF_LACKS_GATEWAY = { $domain } のメールは { $provider } を経由して届きますが、SPF レコードは { $provider } を許可していません
    .detail = 受信に使うフィルターを、送信にも使う組織は多くあります。その場合、受信側には { $provider } のアドレスから届くため、SPF に合格しません。
    .fix = メール管理者：送信メールもこのフィルターを通るかを確認してください。通る場合は、DNS 管理者が SPF レコードの末尾の `all` より前に次の内容を追加します。
    .paste = include:{ $include }

DRIFT_SPF_LEFTOVER = { $domain } の SPF レコードは { $others } からの送信も許可しています
    .detail = メールは { $provider } に届きます。もう一方のサービスを使っていない場合は、古い設定が残っています。そのサービスのほかの利用者が { $domain } の SPF に合格するメールを送れる可能性があるうえ、上限が 10 回の DNS 検索の回数も消費します。
    .fix = DNS 管理者：{ $others } から誰も送信しなくなったら、その記述を削除してください。

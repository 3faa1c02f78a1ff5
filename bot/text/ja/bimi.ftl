BIMI_ABSENT = { $domain } はメールに表示するロゴ（BIMI）を指定していません
    .detail = 任意の設定で、メールの配送とは関係ありません。

BIMI_FOUND = { $domain } はメールに表示するロゴ（BIMI）を指定しています
    .detail = ロゴの場所は { $logo } です。Mailcheck は画像そのものは確認しません。メールの配送とは関係ありません。

BIMI_DECLINED = { $domain } はロゴを表示しないと宣言しています（BIMI）
    .detail = レコードに画像の指定がなく、表示しないという意味になります。

BIMI_UNKNOWN = { $domain } がロゴ（BIMI）を指定しているか確認できませんでした
    .detail = DNS の問い合わせに応答がありませんでした（{ $reason }）。メールの配送には影響しません。
    .fix = ヘルプデスク：ロゴの確認が必要であれば、数分後にもう一度チェックを実行してください。

BIMI_MULTIPLE_RECORDS = `default._bimi.{ $domain }` に BIMI レコードが { $records } 件あります
    .detail = レコードは 1 件でなければならないため、ロゴは表示されません。メールの配送には影響しません。
    .fix = DNS 管理者：正しいレコードを残し、ほかを削除してください。

BIMI_NOT_RECOGNISED = `default._bimi.{ $domain }` のレコードは BIMI として認識されません
    .detail = レコードは正確に `v=BIMI1;` で始まる必要がありますが、現在の内容は { $record } です。ロゴは表示されません。メールの配送には影響しません。
    .fix = DNS 管理者：レコードの先頭を修正してください。

BIMI_MISSING_LOGO = { $domain } の BIMI レコードにロゴの指定がありません
    .detail = `l=` にアドレスがないため、何も表示されません。メールの配送には影響しません。
    .fix = DNS 管理者：`l=` にロゴの https アドレスを追加してください。ロゴを表示しないと宣言する場合は、`l=` と `a=` を両方とも空にします。

BIMI_BAD_TAG = { $domain } の BIMI レコードに余分な文字列があります
    .detail = { $part } は `名前=値` の形ではないため、ロゴが表示されないことがあります。メールの配送には影響しません。
    .fix = DNS 管理者：この部分を削除してください。

BIMI_DUPLICATE_TAG = { $domain } の BIMI レコードにタグ { $part } が 2 回あります
    .detail = ロゴが表示されないことがあります。メールの配送には影響しません。
    .fix = DNS 管理者：正しいほうを残してください。

BIMI_NOT_HTTPS = { $domain } の BIMI レコードに https ではないアドレスがあります
    .detail = { $part } は `https:` とホスト名で始まる必要があるため、ロゴは表示されません。メールの配送には影響しません。
    .fix = DNS 管理者：アドレスを修正してください。

BIMI_NO_CERTIFICATE = { $domain } の BIMI レコードにロゴの証明書がありません
    .detail = 大手のメールサービスは、証明書（VMC または CMC）がある場合だけロゴを表示します。そのアドレスは `a=` に指定します。メールの配送には影響しません。
    .fix = メール管理者：大手のメールサービスでロゴを表示したい場合は、証明書を取得してください。それ以外の場合、対応は不要です。

BIMI_DMARC_NOT_ENFORCED = { $domain } はロゴを指定していますが、DMARC ポリシーが弱いため表示されません
    .detail = { $reason ->
        [missing] DMARC ポリシーがありません。
        [testing] DMARC ポリシーがテスト中（`t=y`）で、`none` として扱われます。
        [subdomains] DMARC ポリシーの対象からサブドメインが外れています（`sp=none`）。
        [share] DMARC ポリシーがメールの一部だけを対象にしています（`pct`）。
       *[none] DMARC ポリシーが `none` です。
    } 受信側は、偽メールの隔離または拒否を求めているドメインのロゴだけを表示します。
    .fix = メール管理者：DMARC の項目を参照し、自社のメールがすべて合格していれば、ポリシーを `quarantine` または `reject` に強めてください。

BIMI_DMARC_UNKNOWN = { $domain } のロゴが DMARC ポリシーにより表示されるか確認できませんでした
    .detail = DMARC ポリシーを確認できませんでした。DMARC の項目を参照してください。
    .fix = ヘルプデスク：ロゴの確認が必要であれば、数分後にもう一度チェックを実行してください。

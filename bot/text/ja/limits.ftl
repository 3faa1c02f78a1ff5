# 送信制限：プロバイダーが利用者に認めている送信量。

LIMITS_EXCEEDED = { $per ->
        [minute] 1 分に
        [hour] 1 時間に
       *[other] 1 日に
    } { $sent } 通は { $provider } の制限を超えています：{ $limit_per ->
        [message] 1 通につき
        [second] 1 秒に
        [minute] 1 分に
        [quarter_hour] 15 分間に
        [hour] 1 時間に
       *[other] 1 日に
    }{ $what ->
        [external_messages] 組織外あてのメール
        [internal_messages] 組織内のメール
        [forwarded_messages] 自動転送メール
        [recipients] 宛先
        [external_recipients] 組織外の宛先
        [internal_recipients] 組織内の宛先
        [unique_recipients] 異なる宛先
        [new_recipients] 初めて送る宛先
       *[other] メール
    } { $limit } { $what ->
        [messages] 通
        [external_messages] 通
        [internal_messages] 通
        [forwarded_messages] 通
       *[other] 件
    }まで
    .detail = 把握している範囲で、この量を送れるプランはありません。最も大きい値がこれです{ $plan ->
        [all] {""}
        [paid] （有料プラン）
        [free] （無料アカウント）
        [trial] （試用期間中）
        [personal] （個人向け）
        [old_product] （販売を終了した { $plan_name }）
        [account_age] （利用開始から { $plan_name } 日のアカウント）
        [own_domain] （独自ドメイン）
        [default] （標準の設定。管理者が引き上げ可能）
        [maximum] （管理者が設定できる上限）
        [smtp] （メールソフトやプログラムからの送信）
        [web] （ブラウザーからの送信）
        [php_mail] （Web サイトのログインなしの送信）
       *[other] （{ $plan_name }）
    }。超えると多くは数時間送信できなくなり、その後は自然に復旧します。出典：{ $page }（{ $as_of ->
        [none] 日付なし
       *[other] { $as_of } 時点
    }{ $outdated ->
        [yes] 。古い可能性があります
       *[other] {""}
    }）。
    .fix = 次の順に行ってください。
        1. 利用者：いったん送信をやめてください。送信を繰り返すと、停止が長引くことがあります。
        2. ヘルプデスク：解除の時期を確認してください。{ $rolling ->
            [yes] 期間は各メールの送信時刻から数えます（0 時には戻りません）。送った分は、その時刻から期間が過ぎると順に空きます。
           *[other] 期間が終わると数え直されますが、その後も最長 24 時間停止するプロバイダーが多くあります。
        }
        3. 利用者：時間を空けて送信してください。一斉送信は、互いに宛先を見せる必要がある場合だけにしてください。
        4. メール管理者：メールマガジンやシステムのメールは、一斉配信サービスまたはプロバイダーのリレーに移してください。このアカウントで送る必要がある場合は、制限の引き上げを依頼してください。
        5. ヘルプデスク：利用者に送信の覚えがなければ、第三者に悪用されている可能性があります。パスワードを変更し、すべてのセッションを終了し、セキュリティインシデントとして扱ってください。

LIMITS_PROBABLY_EXCEEDED = { $per ->
        [minute] 1 分に
        [hour] 1 時間に
       *[other] 1 日に
    } { $sent } 通は { $provider } の制限をおそらく超えています：{ $limit_per ->
        [message] 1 通につき
        [second] 1 秒に
        [minute] 1 分に
        [quarter_hour] 15 分間に
        [hour] 1 時間に
       *[other] 1 日に
    }{ $what ->
        [external_messages] 組織外あてのメール
        [internal_messages] 組織内のメール
        [forwarded_messages] 自動転送メール
        [recipients] 宛先
        [external_recipients] 組織外の宛先
        [internal_recipients] 組織内の宛先
        [unique_recipients] 異なる宛先
        [new_recipients] 初めて送る宛先
       *[other] メール
    } { $limit } { $what ->
        [messages] 通
        [external_messages] 通
        [internal_messages] 通
        [forwarded_messages] 通
       *[other] 件
    }まで
    .detail = 把握している範囲で、この量を送れるプランはありません。最も大きい値がこれです{ $plan ->
        [all] {""}
        [paid] （有料プラン）
        [free] （無料アカウント）
        [trial] （試用期間中）
        [personal] （個人向け）
        [old_product] （販売を終了した { $plan_name }）
        [account_age] （利用開始から { $plan_name } 日のアカウント）
        [own_domain] （独自ドメイン）
        [default] （標準の設定。管理者が引き上げ可能）
        [maximum] （管理者が設定できる上限）
        [smtp] （メールソフトやプログラムからの送信）
        [web] （ブラウザーからの送信）
        [php_mail] （Web サイトのログインなしの送信）
       *[other] （{ $plan_name }）
    }。ただし、プロバイダーの現在のページの値ではないか、目安として示された値のため、断定はできません。出典：{ $page }（{ $as_of ->
        [none] 日付なし
       *[other] { $as_of } 時点
    }{ $outdated ->
        [yes] 。古い可能性があります
       *[other] {""}
    }）。
    .fix = 次の順に行ってください。
        1. 利用者：いったん送信をやめてください。送信を繰り返すと、停止が長引くことがあります。
        2. ヘルプデスク：解除の時期を確認してください。{ $rolling ->
            [yes] 期間は各メールの送信時刻から数えます（0 時には戻りません）。送った分は、その時刻から期間が過ぎると順に空きます。
           *[other] 期間が終わると数え直されますが、その後も最長 24 時間停止するプロバイダーが多くあります。
        }
        3. 利用者：時間を空けて送信してください。一斉送信は、互いに宛先を見せる必要がある場合だけにしてください。
        4. メール管理者：メールマガジンやシステムのメールは、一斉配信サービスまたはプロバイダーのリレーに移してください。このアカウントで送る必要がある場合は、制限の引き上げを依頼してください。
        5. ヘルプデスク：利用者に送信の覚えがなければ、第三者に悪用されている可能性があります。パスワードを変更し、すべてのセッションを終了し、セキュリティインシデントとして扱ってください。

LIMITS_EXCEEDED_ON_PLAN = { $per ->
        [minute] 1 分に
        [hour] 1 時間に
       *[other] 1 日に
    } { $sent } 通は、{ $provider } のプランによっては制限を超えています：{ $limit_per ->
        [message] 1 通につき
        [second] 1 秒に
        [minute] 1 分に
        [quarter_hour] 15 分間に
        [hour] 1 時間に
       *[other] 1 日に
    }{ $what ->
        [external_messages] 組織外あてのメール
        [internal_messages] 組織内のメール
        [forwarded_messages] 自動転送メール
        [recipients] 宛先
        [external_recipients] 組織外の宛先
        [internal_recipients] 組織内の宛先
        [unique_recipients] 異なる宛先
        [new_recipients] 初めて送る宛先
       *[other] メール
    } { $limit } { $what ->
        [messages] 通
        [external_messages] 通
        [internal_messages] 通
        [forwarded_messages] 通
       *[other] 件
    }まで{ $plan ->
        [all] {""}
        [paid] （有料プラン）
        [free] （無料アカウント）
        [trial] （試用期間中）
        [personal] （個人向け）
        [old_product] （販売を終了した { $plan_name }）
        [account_age] （利用開始から { $plan_name } 日のアカウント）
        [own_domain] （独自ドメイン）
        [default] （標準の設定。管理者が引き上げ可能）
        [maximum] （管理者が設定できる上限）
        [smtp] （メールソフトやプログラムからの送信）
        [web] （ブラウザーからの送信）
        [php_mail] （Web サイトのログインなしの送信）
       *[other] （{ $plan_name }）
    }
    .detail = このプランに当たるかどうかは、アカウントを確認しなければ分かりません。当たる場合は、しばらく送信できなくなります。出典：{ $page }（{ $as_of ->
        [none] 日付なし
       *[other] { $as_of } 時点
    }{ $outdated ->
        [yes] 。古い可能性があります
       *[other] {""}
    }）。
    .fix = ヘルプデスク：アカウントのプランを確認するか、メール管理者に確認してください。当たる場合は次のとおりです。
        1. 利用者：いったん送信をやめてください。{ $rolling ->
            [yes] 期間は各メールの送信時刻から数えます（0 時には戻りません）。送った分は、その時刻から期間が過ぎると順に空きます。
           *[other] 期間が終わると数え直されますが、その後も最長 24 時間停止するプロバイダーが多くあります。
        }
        2. メール管理者：プランを変更するか（試用アカウントは、最初の支払いからしばらくして上限が上がることが多いです）、大量のメールは一斉配信サービスまたはプロバイダーのリレーに移してください。

LIMITS_EXCEEDED_OUTSIDE = { $per ->
        [minute] 1 分に
        [hour] 1 時間に
       *[other] 1 日に
    } { $sent } 通は、すべて組織外あての場合 { $provider } の制限を超えています：{ $limit_per ->
        [message] 1 通につき
        [second] 1 秒に
        [minute] 1 分に
        [quarter_hour] 15 分間に
        [hour] 1 時間に
       *[other] 1 日に
    }{ $what ->
        [external_messages] 組織外あてのメール
        [internal_messages] 組織内のメール
        [forwarded_messages] 自動転送メール
        [recipients] 宛先
        [external_recipients] 組織外の宛先
        [internal_recipients] 組織内の宛先
        [unique_recipients] 異なる宛先
        [new_recipients] 初めて送る宛先
       *[other] メール
    } { $limit } { $what ->
        [messages] 通
        [external_messages] 通
        [internal_messages] 通
        [forwarded_messages] 通
       *[other] 件
    }まで{ $plan ->
        [all] {""}
        [paid] （有料プラン）
        [free] （無料アカウント）
        [trial] （試用期間中）
        [personal] （個人向け）
        [old_product] （販売を終了した { $plan_name }）
        [account_age] （利用開始から { $plan_name } 日のアカウント）
        [own_domain] （独自ドメイン）
        [default] （標準の設定。管理者が引き上げ可能）
        [maximum] （管理者が設定できる上限）
        [smtp] （メールソフトやプログラムからの送信）
        [web] （ブラウザーからの送信）
        [php_mail] （Web サイトのログインなしの送信）
       *[other] （{ $plan_name }）
    }
    .detail = 組織内のメールは、この制限の対象外です。出典：{ $page }（{ $as_of ->
        [none] 日付なし
       *[other] { $as_of } 時点
    }{ $outdated ->
        [yes] 。古い可能性があります
       *[other] {""}
    }）。
    .fix = 次の順に行ってください。
        1. 利用者：いったん送信をやめてください。送信を繰り返すと、停止が長引くことがあります。
        2. ヘルプデスク：解除の時期を確認してください。{ $rolling ->
            [yes] 期間は各メールの送信時刻から数えます（0 時には戻りません）。送った分は、その時刻から期間が過ぎると順に空きます。
           *[other] 期間が終わると数え直されますが、その後も最長 24 時間停止するプロバイダーが多くあります。
        }
        3. 利用者：時間を空けて送信してください。一斉送信は、互いに宛先を見せる必要がある場合だけにしてください。
        4. メール管理者：メールマガジンやシステムのメールは、一斉配信サービスまたはプロバイダーのリレーに移してください。このアカウントで送る必要がある場合は、制限の引き上げを依頼してください。
        5. ヘルプデスク：利用者に送信の覚えがなければ、第三者に悪用されている可能性があります。パスワードを変更し、すべてのセッションを終了し、セキュリティインシデントとして扱ってください。

LIMITS_VARY = { $per ->
        [minute] 1 分に
        [hour] 1 時間に
       *[other] 1 日に
    } { $sent } 通は { $provider } の制限を超える可能性があります：{ $limit_per ->
        [message] 1 通につき
        [second] 1 秒に
        [minute] 1 分に
        [quarter_hour] 15 分間に
        [hour] 1 時間に
       *[other] 1 日に
    }{ $what ->
        [external_messages] 組織外あてのメール
        [internal_messages] 組織内のメール
        [forwarded_messages] 自動転送メール
        [recipients] 宛先
        [external_recipients] 組織外の宛先
        [internal_recipients] 組織内の宛先
        [unique_recipients] 異なる宛先
        [new_recipients] 初めて送る宛先
       *[other] メール
    } { $value_min }～{ $limit } { $what ->
        [messages] 通
        [external_messages] 通
        [internal_messages] 通
        [forwarded_messages] 通
       *[other] 件
    }の間で変動{ $plan ->
        [all] {""}
        [paid] （有料プラン）
        [free] （無料アカウント）
        [trial] （試用期間中）
        [personal] （個人向け）
        [old_product] （販売を終了した { $plan_name }）
        [account_age] （利用開始から { $plan_name } 日のアカウント）
        [own_domain] （独自ドメイン）
        [default] （標準の設定。管理者が引き上げ可能）
        [maximum] （管理者が設定できる上限）
        [smtp] （メールソフトやプログラムからの送信）
        [web] （ブラウザーからの送信）
        [php_mail] （Web サイトのログインなしの送信）
       *[other] （{ $plan_name }）
    }
    .detail = 利用期間や評価に応じてアカウントごとに決められ、現在の値は公開されていません。出典：{ $page }（{ $as_of ->
        [none] 日付なし
       *[other] { $as_of } 時点
    }{ $outdated ->
        [yes] 。古い可能性があります
       *[other] {""}
    }）。
    .fix = ヘルプデスク：メール管理者に、管理画面に制限の通知が出ていないかを確認してもらうか、プロバイダーに問い合わせてください。{ $rolling ->
        [yes] 期間は各メールの送信時刻から数えます（0 時には戻りません）。
       *[other] {""}
    }

LIMITS_DEPEND_ON_SPREAD = { $per ->
        [minute] 1 分に
        [hour] 1 時間に
       *[other] 1 日に
    } { $sent } 通は、分けて送信していれば { $provider } の制限内です：{ $limit_per ->
        [message] 1 通につき
        [second] 1 秒に
        [minute] 1 分に
        [quarter_hour] 15 分間に
        [hour] 1 時間に
       *[other] 1 日に
    }{ $what ->
        [external_messages] 組織外あてのメール
        [internal_messages] 組織内のメール
        [forwarded_messages] 自動転送メール
        [recipients] 宛先
        [external_recipients] 組織外の宛先
        [internal_recipients] 組織内の宛先
        [unique_recipients] 異なる宛先
        [new_recipients] 初めて送る宛先
       *[other] メール
    } { $limit } { $what ->
        [messages] 通
        [external_messages] 通
        [internal_messages] 通
        [forwarded_messages] 通
       *[other] 件
    }まで{ $plan ->
        [all] {""}
        [paid] （有料プラン）
        [free] （無料アカウント）
        [trial] （試用期間中）
        [personal] （個人向け）
        [old_product] （販売を終了した { $plan_name }）
        [account_age] （利用開始から { $plan_name } 日のアカウント）
        [own_domain] （独自ドメイン）
        [default] （標準の設定。管理者が引き上げ可能）
        [maximum] （管理者が設定できる上限）
        [smtp] （メールソフトやプログラムからの送信）
        [web] （ブラウザーからの送信）
        [php_mail] （Web サイトのログインなしの送信）
       *[other] （{ $plan_name }）
    }
    .detail = 少なくとも { $windows } { $limit_per ->
        [second] 秒
        [minute] 分
        [quarter_hour] 回分の 15 分間
        [hour] 時間
       *[other] 日
    }に分けて送る必要があります。一度に送ると制限を超えます。{ $rolling ->
        [yes] 期間は各メールの送信時刻から数えます（0 時には戻りません）。
       *[other] {""}
    }出典：{ $page }（{ $as_of ->
        [none] 日付なし
       *[other] { $as_of } 時点
    }{ $outdated ->
        [yes] 。古い可能性があります
       *[other] {""}
    }）。
    .fix = ヘルプデスク：一度に送信したかどうかを利用者に確認してください。一度に送信した場合は、送信の間隔を空けるか、一斉配信サービスを利用してください。

LIMITS_REACHED_LATER = { $per ->
        [minute] 1 分に
        [hour] 1 時間に
       *[other] 1 日に
    } { $sent } 通を続けると、{ $windows } { $per ->
        [minute] 分
        [hour] 時間
       *[other] 日
    }で { $provider } の制限に達します：{ $limit_per ->
        [message] 1 通につき
        [second] 1 秒に
        [minute] 1 分に
        [quarter_hour] 15 分間に
        [hour] 1 時間に
       *[other] 1 日に
    }{ $what ->
        [external_messages] 組織外あてのメール
        [internal_messages] 組織内のメール
        [forwarded_messages] 自動転送メール
        [recipients] 宛先
        [external_recipients] 組織外の宛先
        [internal_recipients] 組織内の宛先
        [unique_recipients] 異なる宛先
        [new_recipients] 初めて送る宛先
       *[other] メール
    } { $limit } { $what ->
        [messages] 通
        [external_messages] 通
        [internal_messages] 通
        [forwarded_messages] 通
       *[other] 件
    }まで{ $plan ->
        [all] {""}
        [paid] （有料プラン）
        [free] （無料アカウント）
        [trial] （試用期間中）
        [personal] （個人向け）
        [old_product] （販売を終了した { $plan_name }）
        [account_age] （利用開始から { $plan_name } 日のアカウント）
        [own_domain] （独自ドメイン）
        [default] （標準の設定。管理者が引き上げ可能）
        [maximum] （管理者が設定できる上限）
        [smtp] （メールソフトやプログラムからの送信）
        [web] （ブラウザーからの送信）
        [php_mail] （Web サイトのログインなしの送信）
       *[other] （{ $plan_name }）
    }
    .detail = この量だけであれば制限内です。続けると超えます。{ $rolling ->
        [yes] 期間は各メールの送信時刻から数えます（0 時には戻りません）。
       *[other] {""}
    }出典：{ $page }（{ $as_of ->
        [none] 日付なし
       *[other] { $as_of } 時点
    }{ $outdated ->
        [yes] 。古い可能性があります
       *[other] {""}
    }）。
    .fix = ヘルプデスク：どれだけの時間続けて送信したかを利用者に確認してください。これより長ければ、制限が原因の可能性が高いため、送信を止めて待ってください。

LIMITS_COUNT_RECIPIENTS = { $per ->
        [minute] 1 分に
        [hour] 1 時間に
       *[other] 1 日に
    } { $sent } 通は、1 通あたりの宛先が { $each } 件までなら { $provider } の制限内です：{ $limit_per ->
        [message] 1 通につき
        [second] 1 秒に
        [minute] 1 分に
        [quarter_hour] 15 分間に
        [hour] 1 時間に
       *[other] 1 日に
    }{ $what ->
        [external_messages] 組織外あてのメール
        [internal_messages] 組織内のメール
        [forwarded_messages] 自動転送メール
        [recipients] 宛先
        [external_recipients] 組織外の宛先
        [internal_recipients] 組織内の宛先
        [unique_recipients] 異なる宛先
        [new_recipients] 初めて送る宛先
       *[other] メール
    } { $limit } { $what ->
        [messages] 通
        [external_messages] 通
        [internal_messages] 通
        [forwarded_messages] 通
       *[other] 件
    }まで{ $plan ->
        [all] {""}
        [paid] （有料プラン）
        [free] （無料アカウント）
        [trial] （試用期間中）
        [personal] （個人向け）
        [old_product] （販売を終了した { $plan_name }）
        [account_age] （利用開始から { $plan_name } 日のアカウント）
        [own_domain] （独自ドメイン）
        [default] （標準の設定。管理者が引き上げ可能）
        [maximum] （管理者が設定できる上限）
        [smtp] （メールソフトやプログラムからの送信）
        [web] （ブラウザーからの送信）
        [php_mail] （Web サイトのログインなしの送信）
       *[other] （{ $plan_name }）
    }
    .detail = この制限は、Cc と Bcc を含むすべての宛先を数えます。{ $rolling ->
        [yes] 期間は各メールの送信時刻から数えます（0 時には戻りません）。
       *[other] {""}
    }出典：{ $page }（{ $as_of ->
        [none] 日付なし
       *[other] { $as_of } 時点
    }{ $outdated ->
        [yes] 。古い可能性があります
       *[other] {""}
    }）。
    .fix = ヘルプデスク：1 通あたりの宛先の数を利用者に確認してください。宛先が多い場合は、メーリングリストまたは一斉配信サービスを利用してください。

LIMITS_WITHIN = { $per ->
        [minute] 1 分に
        [hour] 1 時間に
       *[other] 1 日に
    } { $sent } 通は、比較できた { $provider } の制限内です
    .detail = 同じアカウントでほかに送信している人がいなければ、これらの制限が原因の可能性は低いです。1 通あたりの宛先数など、種類の異なる制限は比較していません。

LIMITS_NOT_COMPARABLE = { $per ->
        [minute] 1 分に
        [hour] 1 時間に
       *[other] 1 日に
    } { $sent } 通が { $provider } の制限を超えるかどうかを判断できませんでした
    .detail = 比較できる制限の情報が Mailcheck のデータにありません。制限がないという意味ではありません。
    .fix = ヘルプデスク：プロバイダーのヘルプで送信制限を調べるか、サポートに問い合わせてください。

LIMITS_TRIAL = { $provider } の試用アカウントの上限は低くなっています：{ $limit_per ->
        [message] 1 通につき
        [second] 1 秒に
        [minute] 1 分に
        [quarter_hour] 15 分間に
        [hour] 1 時間に
       *[other] 1 日に
    }{ $what ->
        [external_messages] 組織外あてのメール
        [internal_messages] 組織内のメール
        [forwarded_messages] 自動転送メール
        [recipients] 宛先
        [external_recipients] 組織外の宛先
        [internal_recipients] 組織内の宛先
        [unique_recipients] 異なる宛先
        [new_recipients] 初めて送る宛先
       *[other] メール
    } { $value } { $what ->
        [messages] 通
        [external_messages] 通
        [internal_messages] 通
        [forwarded_messages] 通
       *[other] 件
    }まで{ $plan ->
        [trial] { $plan_name ->
            [none] {""}
           *[other] （{ $plan_name }）
        }
       *[other] {""}
    }
    .detail = 新しいアカウントで気づかずに達することがよくあります。通常、上限が上がるのは、最初の支払いからしばらく後、または申請の後です。出典：{ $page }（{ $as_of ->
        [none] 日付なし
       *[other] { $as_of } 時点
    }{ $outdated ->
        [yes] 。古い可能性があります
       *[other] {""}
    }）。
    .fix = ヘルプデスク：新しいアカウントであれば、試用期間中かどうかをメール管理者に確認してください。

LIMITS_STATED = { $provider }：{ $limit_per ->
        [message] 1 通につき
        [second] 1 秒に
        [minute] 1 分に
        [quarter_hour] 15 分間に
        [hour] 1 時間に
       *[other] 1 日に
    }{ $what ->
        [external_messages] 組織外あてのメール
        [internal_messages] 組織内のメール
        [forwarded_messages] 自動転送メール
        [recipients] 宛先
        [external_recipients] 組織外の宛先
        [internal_recipients] 組織内の宛先
        [unique_recipients] 異なる宛先
        [new_recipients] 初めて送る宛先
       *[other] メール
    } { $value_min ->
        [none] {""}
       *[other] { $value_min }～
    }{ $value } { $what ->
        [messages] 通
        [external_messages] 通
        [internal_messages] 通
        [forwarded_messages] 通
       *[other] 件
    }まで{ $plan ->
        [all] {""}
        [paid] （有料プラン）
        [free] （無料アカウント）
        [trial] （試用期間中）
        [personal] （個人向け）
        [old_product] （販売を終了した { $plan_name }）
        [account_age] （利用開始から { $plan_name } 日のアカウント）
        [own_domain] （独自ドメイン）
        [default] （標準の設定。管理者が引き上げ可能）
        [maximum] （管理者が設定できる上限）
        [smtp] （メールソフトやプログラムからの送信）
        [web] （ブラウザーからの送信）
        [php_mail] （Web サイトのログインなしの送信）
       *[other] （{ $plan_name }）
    }{ $soft ->
        [yes] （目安）
       *[other] {""}
    }{ $as_of ->
        [none] （日付なし、古い可能性あり）
       *[other] （{ $as_of } 時点{ $outdated ->
            [yes] 、古い可能性あり）
           *[other] ）
        }
    }
    .detail = 出典：{ $page }（{ $as_of ->
        [none] 日付なし
       *[other] { $as_of } 時点
    }{ $outdated ->
        [yes] 。古い可能性があります
       *[other] {""}
    }）。

LIMITS_SOURCES = 送信制限の出典：{ $pages }
    .detail = 送信制限は変更されることがあります。プロバイダー自身のページがあれば、その現在の内容が優先です。

LIMITS_SET_BY_ACCOUNT = { $provider } は{ $limit_per ->
        [message] 1 通につき
        [second] 1 秒に
        [minute] 1 分に
        [quarter_hour] 15 分間に
        [hour] 1 時間に
       *[other] 1 日に
    }送れる{ $what ->
        [external_messages] 組織外あてのメール
        [internal_messages] 組織内のメール
        [forwarded_messages] 自動転送メール
        [recipients] 宛先
        [external_recipients] 組織外の宛先
        [internal_recipients] 組織内の宛先
        [unique_recipients] 異なる宛先
        [new_recipients] 初めて送る宛先
       *[other] メール
    }を制限していますが、値は分かりません{ $plan ->
        [all] {""}
        [paid] （有料プラン）
        [free] （無料アカウント）
        [trial] （試用期間中）
        [personal] （個人向け）
        [old_product] （販売を終了した { $plan_name }）
        [account_age] （利用開始から { $plan_name } 日のアカウント）
        [own_domain] （独自ドメイン）
        [default] （標準の設定。管理者が引き上げ可能）
        [maximum] （管理者が設定できる上限）
        [smtp] （メールソフトやプログラムからの送信）
        [web] （ブラウザーからの送信）
        [php_mail] （Web サイトのログインなしの送信）
       *[other] （{ $plan_name }）
    }
    .detail = アカウントごとに決められているか、Mailcheck が読み取れない場所にだけ示されています。出典：{ $page }（{ $as_of ->
        [none] 日付なし
       *[other] { $as_of } 時点
    }{ $outdated ->
        [yes] 。古い可能性があります
       *[other] {""}
    }）。
    .fix = ヘルプデスク：このページまたはアカウントの画面で値を確認してください。

LIMITS_NOT_IN_DATA = { $provider } の送信制限は Mailcheck のデータにありません
    .detail = 制限がないという意味ではありません。ほとんどのプロバイダーに制限があります。
    .fix = ヘルプデスク：プロバイダーのヘルプで調べてください。{ $support ->
        [none] ページの情報はありません。
       *[other] サポート：{ $support }
    }

LIMITS_OWN_SERVER = メールサーバーが同じドメインの名前のため、送信制限は分かりません
    .detail = 制限を決めているのはメールサーバーの運用者です。自社サーバーならメール管理者、そうでなければホスティング会社に確認してください。

LIMITS_PROVIDER_UNKNOWN = 利用しているプロバイダーが分からないため、送信制限も分かりません
    .detail = 制限はプロバイダーによって大きく異なるため、推測では役に立ちません。
    .fix = ヘルプデスク：「メールプロバイダー」の結果を参考にプロバイダーの名前を調べ、`limits` に続けて入力してください。

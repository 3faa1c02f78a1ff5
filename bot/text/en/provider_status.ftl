# What providers report of their own state right now.

PROVIDER_STATUS_OPERATIONAL = { $provider } reports no incident
    .detail = That is its own word{ $age ->
        [none] {""}
       *[other] , read { $age } ago
    }. Reports often come later than the trouble, and some trouble meets a few customers only.{ $page ->
        [none] {""}
       *[other] {" "}Status page: { $page }
    }

PROVIDER_STATUS_INCIDENT = { $provider } reports trouble: { $incident }
    .detail = Open{ $since ->
        [none] {""}
       *[other] {" "}since { $since }
    }{ $more ->
        [0] {""}
        [one] , and one more incident is open
       *[other] , and { $more } more incidents are open
    }. { $age ->
        [none] {""}
       *[other] Read { $age } ago.{" "}
    }{ $since ->
        [none] If the mail failed while the incident was open
       *[other] If the mail failed after that
    }, this may be the reason, and then nothing needs to be changed on this side.
    .fix = In this order:
        1. Help desk: read the status page and see whether it concerns this mail. { $page ->
            [none] Our data names no page.
           *[other] Status page: { $page }
        }
        2. Help desk: if it does, tell the user that the provider is working on it, and check again when the incident is closed. Change no settings meanwhile.
        3. Help desk: if the mail failed before, go on with the other results.

PROVIDER_STATUS_UNREAD = Could not read how { $provider } is doing
    .detail = The status feed gave no answer that can be used: { $reason }. Whether there is an incident is not known.
    .fix = Help desk: look at the status page yourself. { $page ->
        [none] Our data names no page.
       *[other] Status page: { $page }
    }

PROVIDER_STATUS_NO_FEED = The state of { $provider } was not checked: our data knows no status feed of it
    .detail = Mailcheck reads only feeds that are open to programs without a customer’s login. Whether there is an incident is not known. Many providers show incidents to their customers in the admin console.
    .fix = Help desk: { $page ->
        [none] ask the mail admin whether the admin console shows an incident.
       *[other] look at { $page }, or ask the mail admin whether the admin console shows an incident.
    }

PROVIDER_STATUS_NOBODY = No provider is known whose state could be read
    .detail = The mail hosts belong to nobody in our data, or it is not known to whom they belong.

using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Pulling;

/// <summary>What an answer of 400 and above means, and what the user can do about it.</summary>
internal sealed class Refusal(HubAddress file, HubSettings settings, HttpResponseMessage answer)
{
    public HubException Explain(bool isHub)
    {
        var page = settings.Page(file.Repo);
        var host = settings.Host;
        var code = answer.Headers.TryGetValues("X-Error-Code", out var codes)
            ? codes.FirstOrDefault() ?? ""
            : "";
        var status = (int)answer.StatusCode;
        // The addresses that the hub hands out for its CDN expire; it is asked for a new one.
        if (status is 408 or 425 or 429 or >= 500 || (!isHub && status is 401 or 403 or 404 or 410))
        {
            return new HubException($"{file}: {Status()}")
            {
                IsTransient = true,
                RetryAfter = answer.Headers.RetryAfter is { } asked
                    ? asked.Delta ?? asked.Date - DateTimeOffset.UtcNow
                    : null,
            };
        }
        var what = (status, code) switch
        {
            (401 or 403, "GatedRepo") =>
                $"the licence must be accepted first, at {page}{HowToGiveToken("then ")}",
            (401 or 403 or 404, "RepoNotFound") =>
                $"{host} has no repository {Wording.Quote(file.Repo)}{OrPrivate()}",
            (401, _) when settings.Token is null =>
                $"{host} asks who you are{HowToGiveToken()}; a licence, if there is one, is accepted at {page}",
            (401, _) =>
                $"{host} does not take the token (wrong or expired); make a new one at {settings.Page("settings/tokens")}",
            (403, _) =>
                $"{host} does not give it to this user; accept the licence at {page}{HowToGiveToken("then ")}",
            (404, "RevisionNotFound") =>
                $"{file.Repo} has no revision {Wording.Quote(file.Revision)}; its branches and commits: {page}/commits/main",
            (404, "EntryNotFound") =>
                $"{file.Repo} has no such file at {Wording.Quote(file.Revision)}; its files: {page}/tree/{file.Revision}",
            (404 or 410, _) => $"{host} has no such file, revision or repository; look at {page}",
            _ => Status(),
        };
        return new HubException($"{file}: {what}");
    }

    private string Status()
    {
        var host = Wording.Plain(answer.RequestMessage?.RequestUri?.Authority ?? settings.Host);
        var status = (int)answer.StatusCode;
        return $"{host} answers {status}{(status == 429 ? " (too many requests)" : "")}";
    }

    private string OrPrivate() =>
        (int)answer.StatusCode == 404 ? ""
        : settings.Token is null ? $", or a private one{HowToGiveToken()}"
        : ", or a private one that the token that was sent may not read";

    private string HowToGiveToken(string next = "") =>
        settings.KeepsTokenBack
            ? "; the token that is there was not sent, since HF_ENDPOINT is plain http on another machine: use https"
        : settings.Token is null
            ? $"; {next}give a token of {settings.Page("settings/tokens")} in HF_TOKEN, or by `hf auth login`"
        : "; the token that was sent must belong to the account that accepted it, and may read gated repositories";
}

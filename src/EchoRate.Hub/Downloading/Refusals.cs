using System.Globalization;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Downloading;

/// <summary>What an answer of 400 and above means, and what the user can do about it.</summary>
internal static class Refusals
{
    /// <summary>The failure.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="file">The file asked for.</param>
    /// <param name="settings">The hub.</param>
    /// <param name="isHub">Whether the hub itself answered, not a host that it sent us to.</param>
    /// <param name="clock">The time, for a date in Retry-After.</param>
    public static HubException Of(
        HttpResponseMessage answer,
        HubAddress file,
        HubSettings settings,
        bool isHub,
        TimeProvider clock
    )
    {
        int status = (int)answer.StatusCode;
        string code = answer.Headers.TryGetValues("X-Error-Code", out IEnumerable<string>? codes)
            ? codes.FirstOrDefault() ?? ""
            : "";
        return status switch
        {
            // The addresses that the hub hands out for its CDN expire; it is asked for a new one.
            401 or 403 or 404 or 410 when !isHub => Passing(answer, file, settings, clock),
            401 or 403 when code == "GatedRepo" => Gated(file, settings),
            401 or 403 or 404 when code == "RepoNotFound" => NoRepository(file, settings, status),
            401 => Unauthorised(file, settings),
            403 => Forbidden(file, settings),
            404 when code == "RevisionNotFound" => new(
                HubFailure.NoRevision,
                $"{file}: {file.Repo} has no revision {Wording.Quote(file.Revision)}; its branches and commits: {settings.Page(file.Repo)}/commits/main"
            ),
            404 when code == "EntryNotFound" => new(
                HubFailure.NoFile,
                $"{file}: {file.Repo} has no such file at {Wording.Quote(file.Revision)}; its files: {settings.Page(file.Repo)}/tree/{file.Revision}"
            ),
            404 or 410 => new(
                HubFailure.NoFile,
                $"{file}: {settings.Host} has no such file, revision or repository; look at {settings.Page(file.Repo)}"
            ),
            408 or 425 or 429 or >= 500 => Passing(answer, file, settings, clock),
            _ => new(HubFailure.Answer, $"{file}: {Says(answer, settings)}"),
        };
    }

    private static HubException Passing(
        HttpResponseMessage answer,
        HubAddress file,
        HubSettings settings,
        TimeProvider clock
    ) =>
        new(HubFailure.Unreachable, $"{file}: {Says(answer, settings)}")
        {
            IsTransient = true,
            RetryAfter = answer.Headers.RetryAfter switch
            {
                { Delta: { } delta } => delta,
                { Date: { } date } when date > clock.GetUtcNow() => date - clock.GetUtcNow(),
                _ => null,
            },
        };

    private static string Says(HttpResponseMessage answer, HubSettings settings)
    {
        string host = Wording.Plain(answer.RequestMessage?.RequestUri?.Authority ?? settings.Host);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{host} answers {(int)answer.StatusCode}{((int)answer.StatusCode == 429 ? " (too many requests)" : "")}"
        );
    }

    private static HubException Gated(HubAddress file, HubSettings settings) =>
        new(
            HubFailure.Gated,
            $"{file}: the licence must be accepted first, at {settings.Page(file.Repo)}{HowToGiveToken(settings, "then ")}"
        );

    private static HubException NoRepository(HubAddress file, HubSettings settings, int status) =>
        new(
            HubFailure.NoRepository,
            $"{file}: {settings.Host} has no repository {Wording.Quote(file.Repo)}"
                + (
                    status == 404 ? ""
                    : settings.Token is null ? $", or a private one{HowToGiveToken(settings)}"
                    : ", or a private one that the token that was sent may not read"
                )
        );

    private static HubException Unauthorised(HubAddress file, HubSettings settings) =>
        new(
            HubFailure.Unauthorised,
            settings.Token is null
                ? $"{file}: {settings.Host} asks who you are{HowToGiveToken(settings)}; a licence, if there is one, is accepted at {settings.Page(file.Repo)}"
                : $"{file}: {settings.Host} does not take the token (wrong or expired); make a new one at {settings.Endpoint.AbsoluteUri.TrimEnd('/')}/settings/tokens"
        );

    private static HubException Forbidden(HubAddress file, HubSettings settings) =>
        new(
            HubFailure.Gated,
            $"{file}: {settings.Host} does not give it to this user; accept the licence at {settings.Page(file.Repo)}{HowToGiveToken(settings, "then ")}"
        );

    private static string HowToGiveToken(HubSettings settings, string next = "") =>
        settings.KeepsTokenBack
            ? "; the token that is there was not sent, since HF_ENDPOINT is plain http on another machine: use https"
        : settings.Token is null
            ? $"; {next}give a token of {settings.Endpoint.AbsoluteUri.TrimEnd('/')}/settings/tokens in HF_TOKEN, or by `hf auth login`"
        : "; the token that was sent must belong to the account that accepted it, and may read gated repositories";
}

using EchoRate.Hub.Cache;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Pulling;

/// <summary>One file that is pulled: first what is known of it and is to be done, in the end how it went.</summary>
public sealed class PullResult
{
    internal PullResult(WantedFile wanted, CacheFolders folders) =>
        (Wanted, Folders) = (wanted, folders);

    /// <summary>Which file.</summary>
    public WantedFile Wanted { get; }

    /// <summary>What was done.</summary>
    public PullOutcome Outcome { get; internal set; }

    /// <summary>Where it is; null where it is not, and after a failure.</summary>
    public string? Path { get; internal set; }

    /// <summary>The SHA-256 that its bytes must have, in the end the one that they have; null where nobody said, and after a failure.</summary>
    public string? Sha256 { get; internal set; }

    /// <summary>Why it is not here; null where it is.</summary>
    public HubException? Failure { get; private set; }

    internal HubAddress Address => Wanted.Address;

    internal CacheFolders Folders { get; }

    // What the hub says of it; null where it was not asked.
    internal RemoteFile? Remote { get; set; }

    // The commit whose snapshot holds the file.
    internal string? Commit { get; set; }

    internal long MissingBytes
    {
        get
        {
            if (
                Path is not null
                || Remote is null
                || CacheFolders.HasBytes(Folders.Blob(Remote.Etag))
            )
            {
                return 0;
            }
            var begun = FileDownloader.BytesHere(Folders.Blob(Remote.Etag));
            return Math.Max(0, Remote.Bytes - begun);
        }
    }

    internal void Fail(HubException failure) =>
        (Failure, Outcome, Path, Sha256) = (failure, PullOutcome.Failed, null, null);
}

/// <summary>What was done with a file.</summary>
public enum PullOutcome
{
    /// <summary>It was here, and its bytes were hashed before.</summary>
    Here,

    /// <summary>It was here, and its bytes were hashed now.</summary>
    Verified,

    /// <summary>It was fetched.</summary>
    Fetched,

    /// <summary>It is not here.</summary>
    Failed,
}

/// <summary>Where a pull tells how far it is; called from several threads at once.</summary>
public interface IPullProgress
{
    /// <summary>All files were asked for; so much is to be fetched.</summary>
    void Planned(int files, long bytes);

    /// <summary>The bytes of a file are being hashed (<paramref name="fetching"/> false) or fetched.</summary>
    void Begin(WantedFile file, long bytes, bool fetching);

    /// <summary>So many of its bytes are done.</summary>
    void Arrived(WantedFile file, long bytes);

    /// <summary>Something that the user should know: a branch that moved, a wait for another process.</summary>
    void Note(string line);

    /// <summary>A file is done.</summary>
    void End(PullResult result);
}

using EchoRate.Hub.Cache;
using EchoRate.Hub.Downloading;

namespace EchoRate.Hub.Pulling;

/// <summary>What is to be done for one file, found out before the first byte is fetched.</summary>
internal sealed record PullPlan
{
    public required WantedFile Wanted { get; init; }

    public required CacheFolders Folders { get; init; }

    /// <summary>The file that is here; null where none is.</summary>
    public string? Present { get; init; }

    /// <summary>What the hub says of it; null where it was not asked.</summary>
    public RemoteFile? Remote { get; init; }

    /// <summary>The hash that the bytes must have; null where nobody said.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The commit whose snapshot holds the file.</summary>
    public string? Commit { get; init; }

    /// <summary>Why it cannot be had; null where it can.</summary>
    public HubException? Failure { get; init; }

    /// <summary>Whether the file that is here was hashed before, and with the right outcome.</summary>
    public bool IsKnownGood { get; init; }

    /// <summary>Bytes still to be fetched.</summary>
    public long MissingBytes
    {
        get
        {
            if (
                Present is not null
                || Remote is null
                || CacheFolders.HasBytes(Folders.Blob(Remote.Etag))
            )
            {
                return 0;
            }
            FileInfo begun = new(Folders.Incomplete(Remote.Etag));
            return Math.Max(0, Remote.Bytes - (begun.Exists ? begun.Length : 0));
        }
    }
}

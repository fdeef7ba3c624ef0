namespace EchoRate.Hub.Pulling;

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

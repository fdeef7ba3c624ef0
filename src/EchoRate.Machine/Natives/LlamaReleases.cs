namespace EchoRate.Machine.Natives;

/// <summary>The releases of llama.cpp whose structs and functions our binding matches.</summary>
/// <remarks>By-value structs change between releases, and a wrong layout crashes: what is not listed is refused.</remarks>
public static class LlamaReleases
{
    /// <summary>Release tags, oldest first.</summary>
    public static IReadOnlyList<string> Accepted { get; } = ["v0.4.0", "v0.5.0"];

    /// <summary>The accepted tags for a message: <c>v0.4.0 or v0.5.0</c>.</summary>
    public static string Wanted => string.Join(" or ", Accepted);
}

namespace EchoRate.Tests;

/// <summary>Where the repository is that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            folder is not null;
            folder = folder.Parent
        )
        {
            if (File.Exists(Path.Combine(folder.FullName, "EchoRate.slnx")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException("The tests do not lie in the repository.");
    }
}

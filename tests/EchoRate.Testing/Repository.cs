namespace EchoRate.Testing;

/// <summary>Where the repository is that these tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } =
        Ancestors().First(folder => File.Exists(Path.Combine(folder, "EchoRate.slnx")));

    /// <summary>A model for tests, from <c>ECHORATE_TEST_MODELS</c> or <c>shared/models</c> beside the repository; null where it is not here.</summary>
    public static string? TestModel(string name)
    {
        var folder = Environment.GetEnvironmentVariable("ECHORATE_TEST_MODELS");
        var candidates = string.IsNullOrEmpty(folder)
            ? Ancestors().Select(ancestor => Path.Combine(ancestor, "shared", "models", name))
            : [Path.Combine(folder, name)];
        return candidates.FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Ancestors()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            yield return at.FullName;
        }
    }
}

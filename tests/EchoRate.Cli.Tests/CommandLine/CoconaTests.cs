namespace EchoRate.Cli.Tests.CommandLine;

/// <summary>Cocona is archived: the day it goes, one folder changes.</summary>
public sealed class CoconaTests
{
    [Fact]
    public void One_folder_alone_names_Cocona_but_for_the_attributes_of_commands()
    {
        var source = Path.Combine(Repository.Root, "src");
        var folder = Path.Combine(source, "EchoRate.Cli", "CommandLine");
        var users = Directory
            .EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(path => File.ReadLines(path).Any(line => line.StartsWith("using Cocona.")))
            .ToList();

        Assert.NotEmpty(users);
        Assert.All(users, path => Assert.StartsWith(folder, path));
    }
}

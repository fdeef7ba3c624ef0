using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EchoRate.Tests;

/// <summary>Who may know whom: docs/architecture.md draws the arrows, the project files must not hold any other.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["EchoRate.Core"] = ["EchoRate.Gguf"],
        ["EchoRate.Gguf"] = [],
        ["EchoRate.LLamaSharp"] = ["EchoRate.Core", "EchoRate.Gguf"],
        ["EchoRate.Machine"] = ["EchoRate.Core", "EchoRate.Gguf", "EchoRate.LLamaSharp"],
        ["EchoRate.Hub"] = ["EchoRate.Core", "EchoRate.Gguf"],
        ["EchoRate.DemoModels"] = ["EchoRate.Gguf"],
        ["EchoRate.Reports"] = ["EchoRate.Core"],
        ["EchoRate.Runs"] = ["EchoRate.Core", "EchoRate.Gguf", "EchoRate.Reports"],
    };

    // The composer, and nothing else, may know everybody.
    private const string Composer = "EchoRate.Cli";

    [Fact]
    public void Projects_refer_to_nobody_but_those_that_they_may_use()
    {
        foreach (var (name, project) in Projects().Where(project => project.Name != Composer))
        {
            Assert.True(
                Arrows.TryGetValue(name, out var allowed),
                $"{name} is not in the list of rooms"
            );
            var references = Items(project, "ProjectReference")
                .Select(path => Path.GetFileNameWithoutExtension(path))
                .ToList();
            Assert.True(
                references.All(allowed!.Contains),
                $"{name} refers to {string.Join(", ", references.Except(allowed!))}; allowed: {string.Join(", ", allowed!)}"
            );
        }
    }

    [Fact]
    public void Only_the_native_edge_may_be_unsafe()
    {
        var unsafeProjects = Projects()
            .Where(project =>
                project.Document.Descendants("AllowUnsafeBlocks").Any(e => e.Value == "true")
            )
            .Select(project => project.Name);

        Assert.Equal(["EchoRate.LLamaSharp"], unsafeProjects);
    }

    [Fact]
    public void Core_and_Gguf_use_no_package()
    {
        foreach (
            var (_, project) in Projects()
                .Where(project => project.Name is "EchoRate.Core" or "EchoRate.Gguf")
        )
        {
            Assert.Empty(Items(project, "PackageReference"));
        }
    }

    [Fact]
    public void One_room_calls_LLamaSharp_and_the_composer_brings_its_libraries() =>
        Assert.Equal(
            [
                "EchoRate.Cli: LLamaSharp.Backend.Cpu, LLamaSharp.Backend.Cuda12",
                "EchoRate.LLamaSharp: LLamaSharp",
            ],
            Projects()
                .Select(project =>
                    (
                        project.Name,
                        Packages: Items(project.Document, "PackageReference")
                            .Where(package =>
                                package.StartsWith("LLamaSharp", StringComparison.Ordinal)
                            )
                            .ToList()
                    )
                )
                .Where(project => project.Packages.Count > 0)
                .Select(project => $"{project.Name}: {string.Join(", ", project.Packages)}")
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void No_two_namespaces_need_each_other()
    {
        // A using that is not needed is an error of the build, so that usings say who needs whom.
        var needs = Directory
            .EnumerateFiles(
                Path.Combine(Repository.Root, "src"),
                "*.cs",
                SearchOption.AllDirectories
            )
            .Select(File.ReadAllText)
            .SelectMany(code =>
                Regex
                    .Matches(code, @"^using (?<used>EchoRate\.[\w.]+);", RegexOptions.Multiline)
                    .Select(use =>
                        (
                            User: Regex
                                .Match(code, @"(?m)^namespace (?<name>[\w.]+);")
                                .Groups["name"]
                                .Value,
                            Used: use.Groups["used"].Value
                        )
                    )
            )
            .ToHashSet();

        Assert.NotEmpty(needs);
        Assert.DoesNotContain(needs, need => needs.Contains((need.Used, need.User)));
    }

    private static List<(string Name, XDocument Document)> Projects()
    {
        var projects = Directory
            .EnumerateFiles(
                Path.Combine(Repository.Root, "src"),
                "*.csproj",
                SearchOption.AllDirectories
            )
            .Select(path => (Path.GetFileNameWithoutExtension(path), XDocument.Load(path)))
            .ToList();
        Assert.NotEmpty(projects);
        return projects;
    }

    private static IEnumerable<string> Items(XDocument project, string kind) =>
        project
            .Descendants(kind)
            .Select(item => item.Attribute("Include")!.Value.Replace('\\', '/'));
}

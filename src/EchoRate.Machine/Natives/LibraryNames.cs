using System.Text.RegularExpressions;

namespace EchoRate.Machine.Natives;

/// <summary>How llama.cpp's libraries are called.</summary>
/// <remarks>
/// <code>
///                       Linux                     Windows                 macOS
/// npm, CPU              libllama.v0.4.0.so        llama.v0.4.0.dll        libllama.v0.4.0.dylib
/// npm, GPU              libllama.cuda.v0.4.0.so   llama.cuda.v0.4.0.dll   libllama.metal.v0.4.0.dylib
/// llama.cpp's own       libllama.so[.0[.0.1]]     llama.dll               libllama[.0[.0.1]].dylib
/// ggml-base, everywhere libggml-base.so           ggml-base.dll           libggml-base.dylib
/// ggml-cpu, a plugin    libggml-cpu-x64.so        ggml-cpu-x64.dll        libggml-cpu-x64.so
/// </code>
/// libggml is called like libllama. Seen in all twelve packages of 3.21.1; llama-common and llama-addon are not ours.
/// </remarks>
internal sealed partial class LibraryNames
{
    private readonly string _prefix;
    private readonly string _extension;
    private readonly string _pluginExtension;
    private readonly Regex _pattern;

    private LibraryNames(string prefix, string extension, string pluginExtension, Regex pattern) =>
        (_prefix, _extension, _pluginExtension, _pattern) = (
            prefix,
            extension,
            pluginExtension,
            pattern
        );

    public static LibraryNames For(HostSystem system) =>
        system switch
        {
            HostSystem.Windows => new("", ".dll", ".dll", WindowsName()),
            HostSystem.MacOS => new("lib", ".dylib", ".so", MacName()),
            _ => new("lib", ".so", ".so", LinuxName()),
        };

    /// <summary>The plain name, as llama.cpp's own builds have it.</summary>
    public string Plain(string library) => _prefix + library + _extension;

    /// <summary>The name of a backend's plugin, such as <c>ggml-cuda</c>.</summary>
    public string Plugin(string backend) => _prefix + backend + _pluginExtension;

    /// <summary>True for the CPU's plugin, of which there may be one for each family of processors.</summary>
    public bool IsCpuPlugin(string fileName) =>
        fileName.StartsWith(_prefix + "ggml-cpu", StringComparison.OrdinalIgnoreCase)
        && fileName.EndsWith(_pluginExtension, StringComparison.OrdinalIgnoreCase);

    /// <summary>What a file name says; null when it is none of llama.cpp's three libraries.</summary>
    public LibraryName? Parse(string fileName)
    {
        var match = _pattern.Match(fileName);
        if (!match.Success)
            return null;
        var release = match.Groups["release"];
        return new(
            fileName,
            match.Groups["library"].Value.ToLowerInvariant(),
            match.Groups["build"].Value,
            release.Success ? release.Value : null
        );
    }

    // build: what is in front of a soname's number, so that libllama.so and libllama.so.0 are one build.
    [GeneratedRegex(
        @"^(?<build>lib(?<library>llama|ggml-base|ggml)(?:(?:\.[a-z0-9]+)?\.(?<release>v\d+\.\d+\.\d+))?)\.so(?:\.\d+)*$"
    )]
    private static partial Regex LinuxName();

    [GeneratedRegex(
        @"^(?<build>lib(?<library>llama|ggml-base|ggml)(?:(?:\.[a-z0-9]+)?\.(?<release>v\d+\.\d+\.\d+))?)(?:\.\d+)*\.dylib$"
    )]
    private static partial Regex MacName();

    // MinGW's builds put lib in front.
    [GeneratedRegex(
        @"^(?<build>(?:lib)?(?<library>llama|ggml-base|ggml)(?:(?:\.[a-z0-9]+)?\.(?<release>v\d+\.\d+\.\d+))?)\.dll$",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex WindowsName();
}

/// <summary>A file name of one of llama.cpp's libraries, taken apart.</summary>
/// <param name="FileName">The name itself.</param>
/// <param name="Library"><c>llama</c>, <c>ggml</c> or <c>ggml-base</c>.</param>
/// <param name="Build">The name up to its extension: the same for all names of one build.</param>
/// <param name="Release">The release in the name; null when it has none.</param>
internal sealed record LibraryName(string FileName, string Library, string Build, string? Release);

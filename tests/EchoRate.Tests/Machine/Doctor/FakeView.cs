using EchoRate.Machine.Doctor;

namespace EchoRate.Tests.Machine.Doctor;

/// <summary>Invented files and programs.</summary>
internal sealed class FakeView : HostView
{
    private readonly Dictionary<string, string> _files = [];
    private readonly Dictionary<string, string> _programs = [];

    public FakeView File(string path, string text)
    {
        _files[path] = text;
        return this;
    }

    public FakeView Program(string name, string output)
    {
        _programs[name] = output;
        return this;
    }

    /// <summary>A graphics adapter on the bus.</summary>
    public FakeView Adapter(string id, string? driver) =>
        File(
            $"/sys/bus/pci/devices/0000:0{_files.Count}:00.0/uevent",
            (driver is null ? "" : $"DRIVER={driver}\n") + $"PCI_CLASS=30000\nPCI_ID={id}\n"
        );

    public override string? ReadText(string path) => _files.GetValueOrDefault(path);

    public override string? Variable(string name) => null;

    public override IReadOnlyList<string> List(string folder) =>
        [
            .. _files
                .Keys.Where(path => path.StartsWith(folder + "/"))
                .Select(path => $"{folder}/{path[(folder.Length + 1)..].Split('/')[0]}")
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    public override Task<string?> RunAsync(string program, params string[] arguments) =>
        Task.FromResult(_programs.GetValueOrDefault(program));
}

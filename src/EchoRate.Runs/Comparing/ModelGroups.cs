using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using EchoRate.Gguf;
using EchoRate.Runs.Provenance;

namespace EchoRate.Runs.Comparing;

/// <summary>
/// Decides which files are quantizations of one model, from headers and names together, and gives them one name: what bears one name is
/// compared. Files of a manifest's model belong together because the manifest says so; others because nothing speaks against it.
/// </summary>
/// <param name="areOne">What the user says of files that no manifest names: of one model, of no model in common, or, null, what headers and names say.</param>
public sealed partial class ModelGroups(bool? areOne)
{
    // Names that converters give to everything.
    private static readonly string[] _anything = ["ggml model", "model", "gguf model", "ggml"];

    private readonly List<List<Member>> _groups = [];
    private readonly List<string> _notes = [];

    /// <summary>Which files look alike and are not compared, and why; each one line. Known after <see cref="Settle"/>.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The files with their models' names settled, in their order; those whose header could not be read stay as they are.</summary>
    public IReadOnlyList<FileJob> Settle(IReadOnlyList<FileJob> files)
    {
        var settled = files.ToArray();
        // Files that say much first: one that says little may fit to several, and then to none.
        var members = files
            .Index()
            .Where(file => file.Item.Header is not null)
            .Select(file => new Member(file.Index, file.Item, Signs.Of(file.Item)))
            .OrderByDescending(member => member.Signs.Said.Count(sign => sign.Said is not null));
        foreach (var member in members)
        {
            var fitting = _groups.FindAll(group =>
                group.TrueForAll(other => Apart(other, member) is null)
            );
            var group = fitting is [var only] ? only : null;
            if (group is null)
            {
                if (fitting.Count > 1)
                {
                    _notes.Add(
                        $"Not compared: {NameOf(member.File)} with {string.Join(" or ", fitting.Select(fit => NameOf(fit[0].File)))}, because its header does not say which model it is of; to compare it: name it under one model of a manifest"
                    );
                }
                SayWhyApart(member);
                _groups.Add(group = []);
            }
            else
            {
                SayWhatHeadersDiffer(group[0], member);
            }
            group.Add(member);
        }
        foreach (var (group, name) in _groups.Zip(Names()))
        {
            foreach (var member in group)
            {
                settled[member.Index] = member.File with
                {
                    Facts = member.File.Facts with { Model = name },
                };
            }
        }
        return settled;
    }

    // A line where people would expect a comparison: the same name, or the same shapes and vocabulary.
    private void SayWhyApart(Member member)
    {
        foreach (
            var other in _groups.Select(group =>
                group.Find(other => Apart(other, member) is not null) ?? group[0]
            )
        )
        {
            var isExpected =
                other.Signs.Name == member.Signs.Name
                || other.Signs.Content == member.Signs.Content;
            if (isExpected && !AreDeclared(other, member) && Apart(other, member) is { } why)
            {
                var remedy =
                    other.Signs.Content == member.Signs.Content && areOne is null
                        ? "; to compare them: --same-model yes, or name both under one model of a manifest"
                        : "";
                _notes.Add(
                    $"Not compared: {NameOf(member.File)} with {NameOf(other.File)}, because {why}{remedy}"
                );
            }
        }
    }

    private void SayWhatHeadersDiffer(Member first, Member member)
    {
        if (first.Signs.HeaderContradicts(member.Signs) is { } why)
        {
            var who = member.File.IsOfManifest ? "the manifest" : "--same-model yes";
            _notes.Add(
                $"Warning: {who} says that {NameOf(member.File)} and {NameOf(first.File)} are of one model, and {why}"
            );
        }
    }

    private static bool AreDeclared(Member a, Member b) =>
        a.File.IsOfManifest && b.File.IsOfManifest && a.File.Facts.Model != b.File.Facts.Model;

    private string? Apart(Member a, Member b)
    {
        var (one, two) = (a.Signs, b.Signs);
        if (WhatCannotBe(one, two) is { } impossible)
        {
            return impossible;
        }
        if (a.File.IsOfManifest && b.File.IsOfManifest)
        {
            return a.File.Facts.Model == b.File.Facts.Model
                ? null
                : "the manifest names two models";
        }
        return areOne switch
        {
            true => null,
            false => "--same-model no says so",
            null => one.Contradicts(two),
        };
    }

    private static string? WhatCannotBe(Signs one, Signs two) =>
        one.Architecture != two.Architecture
            ? $"their architectures are {one.Architecture} and {two.Architecture}"
        : one.Vocabulary != two.Vocabulary ? "their vocabularies differ"
        : one.Shapes != two.Shapes ? "their tensors have other shapes"
        : null;

    // One name for each group, none twice: where two models' files have one name, what their headers call them is added, or a number.
    private IEnumerable<string> Names()
    {
        var names = _groups.ConvertAll(group =>
            (
                group.Find(member => member.File.IsOfManifest)
                ?? group.Find(member => !_anything.Contains(member.Signs.Name))
                ?? group[0]
            )
        );
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in names)
        {
            var name = member.File.Facts.Model;
            var twins = names.FindAll(other =>
                other != member
                && name.Equals(other.File.Facts.Model, StringComparison.OrdinalIgnoreCase)
            );
            if (
                !member.File.IsOfManifest
                && twins.Count > 0
                && member.Signs.Title is { } title
                && twins.TrueForAll(twin => twin.Signs.Title != title)
            )
            {
                name = $"{name} ({title})";
            }
            var number = 1;
            var unique = name;
            while (!taken.Add(unique))
            {
                unique = $"{name} #{++number}";
            }
            yield return unique;
        }
    }

    private static string NameOf(FileJob file) => file.Facts.Path ?? file.Facts.Model;

    private sealed record Member(int Index, FileJob File, Signs Signs);

    // What a header and a name say of the model, in a form in which spelling does not count. The size stands in the shapes: of one model
    // publishers write the size label 268M and 270M.
    private sealed partial record Signs
    {
        private static readonly string[] _keys =
        [
            "general.basename",
            "general.finetune",
            "general.base_model.0.repo_url",
        ];

        public required string Name { get; init; }
        public required string? Title { get; init; }
        public required string Architecture { get; init; }
        public required string? Vocabulary { get; init; }
        public required string Shapes { get; init; }
        public required (string Key, string? Said)[] Said { get; init; }

        public (string, string?, string) Content => (Architecture, Vocabulary, Shapes);

        public static Signs Of(FileJob file)
        {
            var metadata = file.Header!.Metadata;
            var title = metadata.Text(GgufKeys.Name);
            return new Signs
            {
                Name = Words(QuantizationNames.ModelName(file.Header.Path)),
                Title = title,
                Architecture = file.Facts.Architecture ?? "",
                Vocabulary = file.Facts.VocabularyHash,
                Shapes = ShapesOf(file.Header),
                Said =
                [
                    ("general.name", title is null ? null : QuantizationNames.ModelName(title)),
                    .. _keys.Select(key => (key, metadata.Text(key))),
                ],
            };
        }

        public string? Contradicts(Signs other)
        {
            var isAnything = _anything.Contains(Name) || _anything.Contains(other.Name);
            return HeaderContradicts(other)
                ?? (Name == other.Name || isAnything ? null : "their files have other names");
        }

        public string? HeaderContradicts(Signs other)
        {
            foreach (var ((key, one), (_, two)) in Said.Zip(other.Said))
            {
                if (one is not null && two is not null && Words(one) != Words(two))
                {
                    return $"{key} is '{two}' in the one and '{one}' in the other";
                }
            }
            return null;
        }

        // "gemma-2-2B_it" and "Gemma 2 2b It" are one name.
        private static string Words(string text) =>
            string.Join(' ', Word().Matches(text.ToLowerInvariant()).Select(word => word.Value));

        // A tied head that is written out as a second tensor, and rope factors, are no other model.
        private static string ShapesOf(GgufFile header)
        {
            var shapes = header
                .Tensors.Where(tensor =>
                    tensor.Name != GgufKeys.Output
                    && !tensor.Name.StartsWith("rope_", StringComparison.Ordinal)
                )
                .OrderBy(tensor => tensor.Name, StringComparer.Ordinal)
                .Select(tensor => $"{tensor.Name} {string.Join('x', tensor.Dimensions)}");
            return Convert.ToHexStringLower(
                SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', shapes)))
            );
        }

        [GeneratedRegex(@"\p{L}+|\d+\p{L}*")]
        private static partial Regex Word();
    }
}

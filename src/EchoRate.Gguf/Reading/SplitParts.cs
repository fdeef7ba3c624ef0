using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Gguf;

/// <summary>Finds the other parts of a split model and checks that they belong together, as llama.cpp's loader does.</summary>
internal static class SplitParts
{
    private const string NumberKey = "split.no";
    private const string CountKey = "split.count";
    private const string TensorCountKey = "split.tensors.count";

    internal static List<GgufPart> Gather(GgufPart first, ProblemList problems)
    {
        List<GgufPart> parts = [first];
        var count = first.Metadata.WholeNumber(CountKey) ?? 1;
        if (count <= 1)
        {
            return parts;
        }
        var number = first.Metadata.WholeNumber(NumberKey);
        if (number is null || number < 0 || number >= count || count > ushort.MaxValue)
        {
            problems.Error(
                PartMismatch,
                $"The file says that it is part {number} (from 0) of {count}."
            );
            return parts;
        }
        if (IsFollowed(first))
        {
            problems.Error(
                JoinedParts,
                $"The file is part {number + 1} of {count} with more of them behind it: parts joined by cat, which llama.cpp does not read. Keep the parts as they were published, beside each other under their own names (…{new SplitName("", 1, (int)count)}), and give the first; or make one file of them with llama-gguf-split --merge FIRST WHOLE."
            );
            return parts;
        }
        var own = new SplitName("", (int)number + 1, (int)count);
        if (SplitName.Parse(first.Path) is not { } name || name with { Prefix = "" } != own)
        {
            problems.Error(
                PartName,
                $"This is part {number + 1} of {count}, so its name must end in '{own}'."
            );
            return parts;
        }
        if (number > 0)
        {
            problems.Error(
                NotFirstPart,
                $"This is part {number + 1} of {count}; open the first one, '{Path.GetFileName($"{name with { Number = 1 }}")}'."
            );
            return parts;
        }
        for (var i = 1; i < count; i++)
        {
            AddPart($"{name with { Number = i + 1 }}", i, count, parts, problems);
        }
        CheckTensors(parts, count, problems);
        return parts;
    }

    // Where this part's tensors end another file begins. The last tensor may be padded or not.
    private static bool IsFollowed(GgufPart part)
    {
        var end = part
            .Tensors.Select(tensor => tensor.Offset + tensor.ByteCount)
            .DefaultIfEmpty()
            .Max();
        // A damaged offset may be anything.
        return part.TensorsKnown
            && end >= 0
            && end < part.FileBytes
            && (
                GgufFormat.BeginsIn(part.Path, part.DataOffset + end)
                || GgufFormat.BeginsIn(
                    part.Path,
                    part.DataOffset + GgufFormat.Align(end, part.Alignment)
                )
            );
    }

    private static void AddPart(
        string path,
        int index,
        long count,
        List<GgufPart> parts,
        ProblemList problems
    )
    {
        var name = Path.GetFileName(path);
        if (!File.Exists(path))
        {
            problems.Error(PartMissing, $"Part {index + 1} of {count} is missing: '{name}'.");
            return;
        }
        var own = new ProblemList();
        var part = PartReader.Read(path, own);
        foreach (var problem in own.All)
        {
            problems.Error(problem.Code, $"In part '{name}': {problem.Message}");
        }
        if (part is null)
        {
            return;
        }
        var number = part.Metadata[NumberKey];
        // llama.cpp asks for a U16 here and aborts on any other type.
        if (number?.Type != GgufValueType.U16 || number.AsInteger() != index)
        {
            problems.Error(
                PartMismatch,
                $"'{name}' must say {NumberKey} = {index} (U16), not {number?.ToString() ?? "nothing"}."
            );
        }
        parts.Add(part);
    }

    private static void CheckTensors(List<GgufPart> parts, long count, ProblemList problems)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var tensors = 0L;
        foreach (var part in parts)
        {
            tensors += part.Tensors.Count;
            // Twice in one part was said already.
            foreach (
                var name in part.Tensors.Select(t => t.Name).Distinct().Where(n => !names.Add(n))
            )
            {
                problems.Error(
                    DuplicateTensor,
                    $"The tensor '{name}' of '{Path.GetFileName(part.Path)}' is in an earlier part too."
                );
            }
        }
        if (
            parts.Count == count
            && parts[0].Metadata.WholeNumber(TensorCountKey) is var said
            && said != tensors
        )
        {
            problems.Error(
                TensorCountMismatch,
                $"The parts hold {tensors} tensors; {TensorCountKey} says {said?.ToString() ?? "nothing"}."
            );
        }
    }
}

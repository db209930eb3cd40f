// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "spide-tui",
  products: [
    .executable(name: "spide-tui", targets: ["spide-tui"]),
    .library(name: "SpideEngine", targets: ["SpideEngine"]),
  ],
  traits: [
    .trait(
      name: "MPI",
      description: "Training over several processes and machines, for which an MPI is installed.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // MARK: The method: neurons, stages, gradients, training. No files, no terminal.
    .target(name: "CSpikeKernels"),
    .target(name: "SpideEngine", dependencies: ["CSpikeKernels"]),

    // MARK: What all readers and writers of files share.
    .target(name: "SpideFiles"),

    // MARK: What comes from and goes to disk: presets and screens, data sets, weights, metrics.
    .target(name: "CEmbedded"),
    .target(
      name: "SpideConfiguration",
      dependencies: [
        "SpideEngine", "SpideFiles", "CEmbedded", .product(name: "Yams", package: "Yams"),
      ]),
    .systemLibrary(name: "CZlib"),
    .target(
      name: "SpideData", dependencies: ["SpideEngine", "SpideFiles", "CEmbedded", "CZlib"]),

    // MARK: What every face shares, without a screen: a preset with its data and weights, and the run of a training.
    .target(
      name: "SpideExperiment",
      dependencies: ["SpideEngine", "SpideFiles", "SpideConfiguration", "SpideData"]),

    // MARK: The front end: cells, widgets, the explorer, the terminal.
    .target(
      name: "CTerminal",
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(
      name: "SpideTUI",
      dependencies: [
        "SpideEngine", "SpideFiles", "SpideConfiguration", "SpideData", "SpideExperiment",
        "CTerminal",
      ]),

    // MARK: The processes that train one network together, over MPI: with the trait of that name alone.
    .systemLibrary(name: "CMPI", pkgConfig: "mpi-c"),
    .target(
      name: "SpideMPI",
      dependencies: ["SpideEngine", .target(name: "CMPI", condition: .when(traits: ["MPI"]))]),

    // MARK: Programs on terminals of their own, for measuring and for tests.
    .target(name: "PseudoTerminal"),

    // MARK: The program: commands and exit codes.
    .executableTarget(
      name: "spide-tui",
      dependencies: [
        "CSpikeKernels", "SpideEngine", "SpideFiles", "SpideConfiguration", "SpideData",
        "SpideExperiment",
        "SpideTUI", "PseudoTerminal",
        .target(name: "SpideMPI", condition: .when(traits: ["MPI"])),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // MARK: Tests, one folder per module.
    .target(name: "CAllocations", path: "Tests/CAllocations"),
    .testTarget(
      name: "SpideEngineTests", dependencies: ["SpideEngine", "CSpikeKernels", "CAllocations"],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "SpideDataTests",
      dependencies: ["SpideData", "SpideEngine", "SpideFiles", "SpideConfiguration", "CZlib"],
      resources: [.copy("Recordings"), .copy("Interchange")]),
    .testTarget(
      name: "SpideConfigurationTests",
      dependencies: ["SpideConfiguration", "SpideEngine", "SpideData", "SpideExperiment"]),
    .testTarget(
      name: "SpideTUITests",
      dependencies: [
        "SpideTUI", "SpideEngine", "SpideConfiguration", "SpideData", "SpideExperiment",
      ],
      exclude: ["Goldens"]),
    .testTarget(
      name: "SpideExperimentTests",
      dependencies: ["SpideExperiment", "SpideEngine", "SpideConfiguration", "SpideData"]),
    .testTarget(
      name: "CommandTests", dependencies: ["SpideTUI", "PseudoTerminal", "spide-tui"],
      exclude: ["Hosts"]),
  ],
  swiftLanguageModes: [.v6]
)

// Tests are compiled without optimisation, which takes longer than it saves: what they test is optimised. Those of the engine
// compute a lot by themselves, to compare with.
for target in package.targets where target.type == .test && target.name != "SpideEngineTests" {
  target.swiftSettings = [.unsafeFlags(["-Onone"])]
}

// Sanitizers have something to say about C, about Swift that hands memory to it, and about threads. With SPIDE_SANITIZED in
// the environment only what computes is optimised, and tests of the engine and of data alone are built: the rest takes as
// long to compile as all of it.
if Context.environment["SPIDE_SANITIZED"] != nil {
  let plain = ["SpideConfiguration", "SpideExperiment", "SpideTUI", "spide-tui"]
  for target in package.targets where plain.contains(target.name) {
    target.swiftSettings = [.unsafeFlags(["-Onone"])]
  }
  package.targets.removeAll {
    $0.type == .test && !["SpideEngineTests", "SpideDataTests"].contains($0.name)
  }
}

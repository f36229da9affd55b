import type { Target } from '../targets/index.js';

/** What a project's CMake file is made of. */
export interface CmakeProject {
  readonly prefix: string;
  readonly target: Target;
  /** The files to compile, by path. */
  readonly sources: readonly string[];
}

/** `CMakeLists.txt`: the model as a library, and on its own a program around it. */
export function cmakeLists(project: CmakeProject): string {
  return `${cmakeHead(project)}
${cmakeLibrary(project)}
if(${ALONE})
${program(project)}endif()
`;
}

/** What is true where the project isn't part of another. */
export const ALONE = 'CMAKE_SOURCE_DIR STREQUAL CMAKE_CURRENT_SOURCE_DIR';

/** The toolchain, where the project is built on its own and none is given. */
export function cmakeHead({ prefix, target, sources }: CmakeProject): string {
  const { emulator, compiler, module } = target;
  const languages = sources.some((path) => path.endsWith('.S')) ? 'C ASM' : 'C';
  const toolchain =
    emulator || module
      ? `
# A toolchain file, or -DCMAKE_C_COMPILER=..., goes before this.
if(${ALONE} AND NOT CMAKE_TOOLCHAIN_FILE)
  set(CMAKE_SYSTEM_NAME ${emulator && !emulator.board ? 'Linux' : 'Generic'})
  set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
  if(NOT CMAKE_C_COMPILER)
    set(CMAKE_C_COMPILER ${compiler})
  endif()
${clangTarget(target)}endif()
`
      : '';
  return `cmake_minimum_required(VERSION 3.16)
${toolchain}project(${prefix} ${languages})
`;
}

/** What Clang is told of the machine; other compilers are made for one. */
function clangTarget({ compiler }: Target): string {
  const triple = /^(.*)-gcc$/.exec(compiler)?.[1];
  return triple === undefined
    ? ''
    : `  set(CMAKE_C_COMPILER_TARGET ${triple})
  set(CMAKE_ASM_COMPILER_TARGET ${triple})
`;
}

/** The model as a static library, NAME_model. */
export function cmakeLibrary({ prefix, target, sources }: CmakeProject): string {
  const { machine, code } = splitFlags(target.flags);
  const cached =
    machine.length > 0
      ? `# The processor. Part of another project, the model is compiled for what that one is compiled for.
if(${ALONE})
  set(WHITTLE_MACHINE ${machine.join(' ')} CACHE STRING "Flags that choose processor and float ABI")
endif()

`
      : '';
  return `${cached}add_library(${prefix}_model STATIC
${sources.map((path) => `  ${path}`).join('\n')})
target_include_directories(${prefix}_model PUBLIC \${CMAKE_CURRENT_SOURCE_DIR} PRIVATE kernels)
target_compile_features(${prefix}_model PRIVATE c_std_11)
# What the figures in README.md were measured with.
target_compile_options(${prefix}_model PRIVATE
  ${[...(machine.length > 0 ? ['${WHITTLE_MACHINE}'] : []), ...code, '-ffunction-sections', '-fdata-sections'].join(' ')} -Wall -Wextra -Wconversion)
`;
}

/** Flags that choose a machine, which compiling and linking need, and those for good code. */
export function splitFlags(flags: readonly string[]): { machine: string[]; code: string[] } {
  const machine = flags.filter((flag) => /^(-m|--target)/.test(flag));
  const code = flags.filter((flag) => !machine.includes(flag)).map(guarded);
  return { machine, code };
}

/** Clang warns of GCC's scheduler flags. */
function guarded(flag: string): string {
  return /^-fno-schedule/.test(flag) ? `$<$<C_COMPILER_ID:GNU>:${flag}>` : flag;
}

function program({ prefix, target }: CmakeProject): string {
  const { emulator } = target;
  const demo = `${prefix}_demo`;
  const named = `set_target_properties(${demo} PROPERTIES OUTPUT_NAME ${prefix}${emulator?.board ? ' SUFFIX .elf' : ''})`;
  if (!emulator)
    return `  add_executable(${demo} main.c)
  target_link_libraries(${demo} PRIVATE ${prefix}_model)
  ${named}
`;
  if (!emulator.board)
    return `  add_executable(${demo} main.c)
  target_link_libraries(${demo} PRIVATE ${prefix}_model)
  target_compile_options(${demo} PRIVATE \${WHITTLE_MACHINE})
  target_link_options(${demo} PRIVATE \${WHITTLE_MACHINE} ${emulator.linkFlags.join(' ')})
  ${named}

  add_custom_target(emulate
    COMMAND ${[emulator.command, ...emulator.arguments].join(' ')} $<TARGET_FILE:${demo}>
    DEPENDS ${demo} USES_TERMINAL)
`;
  return `  # For ${emulator.board.name}, as ${emulator.command} plays it: a real board has its own start-up and linker script.
  # It prints by newlib's semihosting, which GCC for Arm comes with.
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    add_executable(${demo} main.c board/startup.c)
    target_link_libraries(${demo} PRIVATE ${prefix}_model)
    target_compile_options(${demo} PRIVATE \${WHITTLE_MACHINE} -O2)
    target_link_options(${demo} PRIVATE \${WHITTLE_MACHINE} ${emulator.linkFlags.join(' ')} --specs=rdimon.specs
      -L \${CMAKE_CURRENT_SOURCE_DIR}/board -T link.ld -Wl,--gc-sections)
    ${named}

    add_custom_target(emulate
      COMMAND ${emulator.command} ${emulator.arguments.join(' ')}
        -semihosting-config enable=on,target=native -kernel $<TARGET_FILE:${demo}>
      DEPENDS ${demo} USES_TERMINAL)
  endif()
`;
}
